import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EventMessage, LogEntry, LogPage, Run, RunMessage } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { RunsApi } from '../api/runs-api';
import { FrameBatch } from '../live/frame-batch';
import { LiveEvents } from '../live/live-events';
import { RunsStore } from '../runs/runs-store';
import { applyMessages, pictureFromHistory } from './run-picture';
import type { RunHistory, RunPicture } from './run-picture';

const linesRead = 500;
const longestPage = 5_000;
const tailEvents = 100;
/** `training_start`, which names parameters and engine, stands among the first. */
const headEvents = 20;

/**
 * The run on the screen: its history, then what happens from there. The stream is listened to before the history
 * is read, and what it brings meanwhile waits, so that nothing falls between the two.
 */
@Injectable({ providedIn: 'root' })
export class OpenRunStore {
  private readonly api = inject(RunsApi);
  private readonly live = inject(LiveEvents);
  private readonly runs = inject(RunsStore);

  readonly picture = signal<RunPicture | null>(null);
  readonly problem = signal<ApiProblem | null>(null);
  /** When a message of this run last came over the stream, by this device's clock; null before the first. */
  readonly lastEventAt = signal<number | null>(null);

  private runId: string | null = null;
  private reading = 0;
  /** Messages that wait for the history; null when it is there. */
  private waiting: EventMessage[] | null = null;
  private readonly batch = new FrameBatch<EventMessage>((messages) => this.take(messages));

  constructor() {
    this.live.messages.pipe(takeUntilDestroyed()).subscribe((message) => {
      if (message.type !== 'heartbeat' && message.run_id === this.runId) this.batch.push(message);
    });
    this.live.resync.pipe(takeUntilDestroyed()).subscribe(() => {
      if (this.runId !== null) void this.readHistory();
    });
    inject(DestroyRef).onDestroy(() => this.batch.clear());
  }

  /** Shows another run, or none. */
  open(id: string | null): void {
    if (id === this.runId) return;
    this.runId = id;
    this.batch.clear();
    this.waiting = null;
    this.picture.set(null);
    this.problem.set(null);
    this.lastEventAt.set(null);
    this.reading += 1;
    if (id !== null) void this.readHistory();
  }

  async reload(): Promise<void> {
    await this.readHistory();
  }

  /** No event tells of another name. */
  renamed({ id, name }: Run): void {
    this.picture.update((picture) =>
      picture?.run.id === id ? { ...picture, run: { ...picture.run, name } } : picture,
    );
  }

  /** All lines of the open run, from the first. @throws ApiProblem */
  async readWholeLog(): Promise<LogEntry[]> {
    const id = this.runId;
    const lines: LogEntry[] = [];
    let next: number | null = 1;
    while (id !== null && next !== null) {
      const page: LogPage = await this.api.logs(id, next, longestPage);
      lines.push(...page.items);
      next = page.items.length === 0 ? null : page.next_line;
    }
    return lines;
  }

  private async readHistory(): Promise<void> {
    const id = this.runId;
    if (id === null) return;
    const reading = ++this.reading;
    this.waiting ??= [];
    try {
      const history = await this.fetchHistory(id);
      if (reading !== this.reading) return;
      const waiting = this.waiting ?? [];
      this.waiting = null;
      const picture = applyMessages(pictureFromHistory(history, this.picture()?.log), waiting);
      this.picture.set(picture);
      this.runs.put([picture.run]);
      this.problem.set(null);
    } catch (error) {
      if (reading === this.reading) this.keepGoingWithout(toApiProblem(error));
    }
  }

  /** The run first: what is read after it holds at least everything up to its `last_seq`. */
  private async fetchHistory(id: string): Promise<RunHistory> {
    const run = await this.api.get(id);
    const [metrics, logs, checkpoints, quality, tail] = await Promise.all([
      this.api.metrics(id),
      this.api.logs(id, -linesRead, linesRead),
      this.api.checkpoints(id),
      this.api.quality(id),
      this.readEnds(id, run.last_seq),
    ]);
    return { run, metrics, log: logs.items, checkpoints, quality, tail };
  }

  /** The first and the newest events, for what only events tell. */
  private async readEnds(id: string, lastSeq: number): Promise<RunMessage[]> {
    const from = Math.max(0, lastSeq - tailEvents);
    const [head, tail] = await Promise.all([
      from === 0 ? [] : this.api.events(id, 0, Math.min(headEvents, from)),
      this.api.events(id, from),
    ]);
    return [...head, ...tail].filter((event) => event.seq <= lastSeq);
  }

  /** A reading that failed leaves what is shown, and the stream goes on. */
  private keepGoingWithout(problem: ApiProblem): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    this.problem.set(problem);
    this.picture.update((picture) => (picture ? applyMessages(picture, waiting) : picture));
  }

  private take(messages: readonly EventMessage[]): void {
    this.lastEventAt.set(Date.now());
    if (this.waiting) {
      this.waiting.push(...messages);
      return;
    }
    this.picture.update((picture) => (picture ? applyMessages(picture, messages) : picture));
  }
}
