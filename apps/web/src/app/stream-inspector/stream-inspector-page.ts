import { ChangeDetectionStrategy, Component, DOCUMENT, computed, inject, signal } from '@angular/core';
import { DatasetsStore } from '../datasets/datasets-store';
import { Icon } from '../design/icon';
import { RunsStore } from '../runs/runs-store';
import { MessageList } from './message-list';
import { MessageWindow } from './message-window';
import { ProbeCard } from './probe-card';
import { RunStarter } from './run-starter';
import { StreamProbe } from './stream-probe';
import { streamTargets } from './stream-target';
import type { StreamRequest } from './stream-target';

const starts = ['now', 'beginning', 'cursor'] as const;
type Start = (typeof starts)[number];
/** Browsers open at most six HTTP/1.1 connections to a server; one more stream than this leaves too little for the rest. */
const manyStreams = 4;

/** A test page for the event streams: connects to each by itself and shows what comes. */
@Component({
  selector: 'gd-stream-inspector-page',
  imports: [Icon, MessageList, ProbeCard, RunStarter],
  templateUrl: './stream-inspector-page.html',
  styleUrl: './stream-inspector-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StreamInspectorPage {
  protected readonly runs = inject(RunsStore);
  private readonly datasets = inject(DatasetsStore);
  private readonly document = inject(DOCUMENT);
  private messageCount = 0;

  protected readonly window = new MessageWindow();
  protected readonly probes = streamTargets.map(
    (target) =>
      new StreamProbe(
        target,
        (message) => this.window.push(message),
        () => (this.messageCount += 1),
      ),
  );
  protected readonly runId = signal<string | null>(null);
  protected readonly start = signal<Start>('now');
  protected readonly cursor = signal('');

  protected readonly cursorMessage = computed(() =>
    this.start() === 'cursor' && this.cursor().trim() === '' ? $localize`Paste the last id of an earlier stream.` : '',
  );
  protected readonly openSse = computed(
    () => this.probes.filter((probe) => probe.target.transport === 'sse' && isOpen(probe)).length,
  );
  protected readonly hasOpen = computed(() => this.probes.some(isOpen));
  protected readonly isCrowded = computed(() => this.openSse() >= manyStreams);
  /** HTTP/2 and 3 carry all streams on one connection. */
  protected readonly isHttp1 = isHttp1();

  constructor() {
    void this.runs.load();
    void this.datasets.load();
  }

  protected chooseStart(chosen: string): void {
    this.start.set(starts.find((start) => start === chosen) ?? 'now');
  }

  protected connect(probe: StreamProbe): void {
    if (this.cursorMessage() !== '') return;
    probe.connect(this.request(), new URL('.', this.document.baseURI).href);
  }

  protected disconnectAll(): void {
    for (const probe of this.probes) if (isOpen(probe)) probe.disconnect();
  }

  protected resetFigures(): void {
    for (const probe of this.probes) probe.resetFigures();
  }

  private request(): StreamRequest {
    const cursors: Record<Start, string | null> = { now: null, beginning: '0', cursor: this.cursor().trim() };
    return { runId: this.runId(), cursor: cursors[this.start()] };
  }
}

function isOpen(probe: StreamProbe): boolean {
  return !['closed', 'failed'].includes(probe.state());
}

function isHttp1(): boolean {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return (page?.nextHopProtocol ?? '').startsWith('http/1');
}
