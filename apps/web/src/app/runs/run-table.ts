import {
  CdkFixedSizeVirtualScroll,
  CdkVirtualForOf,
  CdkVirtualScrollViewport,
  CdkVirtualScrollableElement,
} from '@angular/cdk/scrolling';
import {
  ChangeDetectionStrategy,
  Component,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  viewChild,
  DestroyRef,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ListRange } from '@angular/cdk/collections';
import type { Run } from '@gan-dashboard/shared-types';
import { RouterLink } from '@angular/router';
import { StatusChip } from '../design/status-chip';
import { columnText, columnTitle, deltaText, isSortable, runColor } from './run-columns';
import { AriaLabel } from '../design/aria-label';

export const rowHeight = 34;
const nameWidth = 230;
const width = 128;
const leadWidth = 64;

/** A table as long as the list, of which only the rows in sight are drawn. */
@Component({
  selector: 'gd-run-table',
  imports: [
    AriaLabel,
    CdkFixedSizeVirtualScroll,
    CdkVirtualForOf,
    CdkVirtualScrollableElement,
    CdkVirtualScrollViewport,
    RouterLink,
    StatusChip,
  ],
  templateUrl: './run-table.html',
  styleUrl: './run-table.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunTable {
  readonly rows = input.required<readonly (Run | undefined)[]>();
  readonly columns = input.required<readonly string[]>();
  readonly pinned = input<ReadonlySet<string>>(new Set());
  readonly sort = input.required<string>();
  readonly order = input.required<'asc' | 'desc'>();
  readonly selected = input.required<ReadonlySet<string>>();
  readonly shown = input.required<ReadonlySet<string>>();
  readonly baseline = input<Run>();
  readonly sortChange = output<string>();
  readonly selectedChange = output<string>();
  readonly shownChange = output<string>();
  readonly range = output<ListRange>();

  private readonly viewport = viewChild.required(CdkVirtualScrollViewport);
  private readonly destroyRef = inject(DestroyRef);

  protected readonly rowHeight = rowHeight;
  protected readonly leadWidth = leadWidth;
  protected readonly runColor = runColor;
  protected readonly columnText = columnText;
  protected readonly indexes = computed(() => Array.from({ length: this.rows().length }, (_, index) => index));
  /** Pinned columns come first, each at its distance from the left edge. */
  protected readonly drawn = computed(() => {
    const pinned = this.pinned();
    const inOrder = [...this.columns()].sort((a, b) => Number(pinned.has(b)) - Number(pinned.has(a)));
    let left = leadWidth;
    return inOrder.map((name) => {
      const size = name === 'name' ? nameWidth : width;
      const column = {
        name,
        title: columnTitle(name),
        size,
        left: pinned.has(name) ? left : null,
        canSort: isSortable(name),
      };
      left += size;
      return column;
    });
  });
  protected readonly width = computed(() => this.drawn().reduce((sum, { size }) => sum + size, leadWidth));

  constructor() {
    afterNextRender(() =>
      this.viewport()
        .renderedRangeStream.pipe(takeUntilDestroyed(this.destroyRef))
        .subscribe((range) => this.range.emit(range)),
    );
  }

  protected sortOf(name: string): 'ascending' | 'descending' | 'none' {
    if (name !== this.sort()) return 'none';
    return this.order() === 'asc' ? 'ascending' : 'descending';
  }

  protected delta(run: Run, column: string): string {
    return deltaText(run, this.baseline(), column);
  }
}
