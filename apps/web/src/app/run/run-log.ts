import { CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport } from '@angular/cdk/scrolling';
import {
  ChangeDetectionStrategy,
  Component,
  afterRenderEffect,
  computed,
  effect,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { formatClock, formatCount } from '../design/format';
import { Icon } from '../design/icon';
import { LogFollow } from './log-follow';
import { copyText, logText } from './log-text';
import { onScrollUp } from './scroll-up';

/** The log of a run: only the lines in sight are in the page. */
@Component({
  selector: 'gd-run-log',
  imports: [CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport, Icon],
  templateUrl: './run-log.html',
  styleUrl: './run-log.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunLog {
  readonly runId = input.required<string>();
  readonly lines = input.required<readonly LogEntry[]>();
  readonly isLoadingEarlier = input(false);
  readonly loadEarlier = output();
  readonly download = output();

  protected readonly follow = new LogFollow();
  protected readonly formatClock = formatClock;
  protected readonly formatCount = formatCount;
  protected readonly copied = signal('');
  protected readonly hasEarlier = computed(() => (this.lines()[0]?.line ?? 1) > 1);
  private readonly viewport = viewChild(CdkVirtualScrollViewport);

  constructor() {
    effect(() => {
      this.runId();
      this.follow.reset();
    });
    effect(() => this.follow.appended(this.lines().at(-1)?.line ?? 0));
    afterRenderEffect(() => {
      this.lines();
      if (this.follow.isFollowing()) this.toEnd();
    });
    // The viewport learns its full height only as it draws: each newly drawn range may lie short of the end.
    effect((onCleanup) => {
      const drawn = this.viewport()?.renderedRangeStream.subscribe(() => {
        if (this.follow.isFollowing()) requestAnimationFrame(() => this.toEnd());
      });
      onCleanup(() => drawn?.unsubscribe());
    });
    // By the time of the scroll event a new line may have moved the log back to its end: the hand counts.
    effect((onCleanup) => {
      const viewport = this.viewport();
      if (!viewport) return;
      const scrollsUp = () => viewport.measureScrollOffset('top') > 0 && this.follow.letGo();
      onCleanup(onScrollUp(viewport.elementRef.nativeElement, scrollsUp));
    });
  }

  protected byLine(_index: number, entry: LogEntry): number {
    return entry.line;
  }

  protected scrolled(): void {
    const viewport = this.viewport();
    if (viewport) this.follow.scrolled(viewport.measureScrollOffset('top'), viewport.measureScrollOffset('bottom'));
  }

  protected async copy(): Promise<void> {
    try {
      await copyText(logText(this.lines()));
      this.copied.set(`${formatCount(this.lines().length)} lines copied`);
    } catch (error) {
      this.copied.set(error instanceof Error ? error.message : 'The browser refused to copy.');
    }
  }

  private toEnd(): void {
    const viewport = this.viewport();
    if (!viewport) return;
    // Made while its pane was hidden, it had no height.
    if (viewport.getViewportSize() !== viewport.elementRef.nativeElement.clientHeight) viewport.checkViewportSize();
    if (viewport.measureScrollOffset('bottom') < 1) return;
    viewport.scrollTo({ bottom: 0 });
    this.follow.moved(viewport.measureScrollOffset('top'));
  }
}
