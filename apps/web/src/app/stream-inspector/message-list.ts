import { CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport } from '@angular/cdk/scrolling';
import {
  ChangeDetectionStrategy,
  Component,
  afterRenderEffect,
  computed,
  effect,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { formatCount, formatDelay } from '../design/format';
import { Icon } from '../design/icon';
import { LogFollow } from '../run/log-follow';
import { copyText, saveText } from '../run/log-text';
import type { InspectedMessage } from './inspected-message';
import { messagesKept } from './message-window';
import type { MessageWindow } from './message-window';
import { streamTargets } from './stream-target';

/** Raw messages as they come, newest at the end; one can be opened and read in full. */
@Component({
  selector: 'gd-message-list',
  imports: [CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport, Icon],
  templateUrl: './message-list.html',
  styleUrl: './message-list.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MessageList {
  readonly window = input.required<MessageWindow>();

  protected readonly streams = streamTargets;
  protected readonly formatCount = formatCount;
  protected readonly follow = new LogFollow();
  protected readonly note = signal('');
  protected readonly opened = signal<InspectedMessage | null>(null);
  protected readonly count = computed(() => {
    const all = this.window().all().length;
    const shown = this.window().shown().length;
    if (all === shown)
      return $localize`${formatCount(all)} messages${all === messagesKept ? $localize`, the newest that are kept` : ''}`;
    return $localize`${formatCount(shown)} of ${formatCount(all)} messages`;
  });
  protected readonly openedText = computed(() => pretty(this.opened()?.text ?? ''));
  private readonly viewport = viewChild(CdkVirtualScrollViewport);

  constructor() {
    effect(() => this.follow.appended(this.window().shown().at(-1)?.number ?? 0));
    afterRenderEffect(() => {
      this.window().shown();
      this.opened(); // What is opened takes height from the list.
      if (this.follow.isFollowing()) this.toEnd();
    });
    // The viewport learns its full height only as it draws: each newly drawn range may lie short of the end.
    effect((onCleanup) => {
      const drawn = this.viewport()?.renderedRangeStream.subscribe(() => {
        if (this.follow.isFollowing()) requestAnimationFrame(() => this.toEnd());
      });
      onCleanup(() => drawn?.unsubscribe());
    });
  }

  protected byNumber(_index: number, message: InspectedMessage): number {
    return message.number;
  }

  protected scrolled(): void {
    const viewport = this.viewport();
    if (viewport) this.follow.scrolled(viewport.measureScrollOffset('top'), viewport.measureScrollOffset('bottom'));
  }

  protected toggle(message: InspectedMessage): void {
    this.opened.update((opened) => (opened === message ? null : message));
  }

  protected clear(): void {
    this.window().clear();
    this.opened.set(null);
    this.follow.reset();
  }

  protected time(at: number): string {
    return new Date(at).toLocaleTimeString('en-GB') + `.${String(at % 1_000).padStart(3, '0')}`;
  }

  protected latency(message: InspectedMessage): string {
    return message.latencyMs === null || message.latencyMs < 0 ? '' : formatDelay(message.latencyMs);
  }

  protected async copy(): Promise<void> {
    try {
      await copyText(this.window().ndjson());
      this.note.set(`${formatCount(this.window().shown().length)} messages copied`);
    } catch (error) {
      this.note.set(error instanceof Error ? error.message : $localize`The browser refused to copy.`);
    }
  }

  protected download(): void {
    saveText(`events-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.ndjson`, this.window().ndjson());
  }

  private toEnd(): void {
    const viewport = this.viewport();
    if (!viewport) return;
    if (viewport.getViewportSize() !== viewport.elementRef.nativeElement.clientHeight) viewport.checkViewportSize();
    if (viewport.measureScrollOffset('bottom') >= 1) viewport.scrollTo({ bottom: 0 });
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // Not JSON: shown as it came.
  }
}
