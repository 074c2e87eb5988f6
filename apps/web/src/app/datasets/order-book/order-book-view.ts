import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
} from '@angular/core';
import type { BookPicture, Dataset, OrderBookPatch } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { LineChart } from '../../charts/line-chart';
import { formatCount } from '../../design/format';
import { Skeleton } from '../../design/skeleton';
import { ProblemNotice } from '../../problems/problem-notice';
import { depthLabels, depthLines, faultsText, pathLine } from './book-lines';
import { OrderBooksApi } from './order-books-api';

const sources = {
  header: $localize`known by the header`,
  lobster: $localize`known as a file of LOBSTER`,
  people: $localize`described by hand`,
} as const;

/** The order book of a data set: whether runs use it, its tick, its faults, and the charts that a trader knows. */
@Component({
  selector: 'gd-order-book-view',
  imports: [LineChart, ProblemNotice, Skeleton],
  templateUrl: './order-book-view.html',
  styleUrl: './order-book-view.scss',
  host: { class: 'gd-card', 'data-testid': 'order-book' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OrderBookView {
  readonly dataset = input.required<Dataset>();
  /** The data set as it is after a correction. */
  readonly changed = output<Dataset>();

  private readonly api = inject(OrderBooksApi);
  protected readonly picture = signal<BookPicture | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly changeProblem = signal<ApiProblem | null>(null);
  protected readonly isChanging = signal(false);

  protected readonly book = computed(() => this.dataset().structure?.order_book);
  /** What the drawing depends on: another tick draws other ticks. */
  private readonly drawn = computed(() =>
    JSON.stringify([this.dataset().id, this.book()?.levels, this.book()?.tick_size]),
  );
  protected readonly summary = computed(() => {
    const book = this.book();
    if (!book) return '';
    const levels = book.levels.length === 1 ? $localize`1 level` : $localize`${formatCount(book.levels.length)} levels`;
    return $localize`${levels} a side, ${sources[book.source]}.`;
  });
  protected readonly faults = computed(() => {
    const book = this.book();
    return book ? faultsText(book.faults, this.dataset().row_count) : '';
  });
  protected readonly depth = computed(() => this.linesOf(depthLines));
  protected readonly depthLabels = computed(() => {
    const picture = this.picture();
    return picture ? depthLabels(picture) : null;
  });
  protected readonly mid = computed(() => this.linesOf((picture) => pathLine(picture, 'mid')));
  protected readonly spread = computed(() => this.linesOf((picture) => pathLine(picture, 'spread')));
  protected readonly note = computed(() => {
    const picture = this.picture();
    return picture && picture.path.x.length === 0 ? $localize`no row is a valid book` : '';
  });

  constructor() {
    effect(() => {
      this.drawn();
      untracked(() => void this.load());
    });
  }

  protected async load(): Promise<void> {
    const drawn = this.drawn();
    this.picture.set(null);
    this.problem.set(null);
    if (!this.book()) return;
    try {
      const picture = await this.api.ofDataset(this.dataset().id);
      if (this.drawn() === drawn) this.picture.set(picture);
    } catch (error) {
      if (this.drawn() === drawn) this.problem.set(toApiProblem(error));
    }
  }

  protected setTick(text: string): void {
    const tick = Number(text);
    if (tick > 0 && tick !== this.book()?.tick_size) void this.change({ tick_size: tick });
  }

  protected async change(patch: OrderBookPatch): Promise<void> {
    this.isChanging.set(true);
    try {
      this.changed.emit(await this.api.change(this.dataset().id, patch));
      this.changeProblem.set(null);
    } catch (error) {
      this.changeProblem.set(toApiProblem(error));
    } finally {
      this.isChanging.set(false);
    }
  }

  private linesOf(of: (picture: BookPicture) => ReturnType<typeof depthLines>) {
    const picture = this.picture();
    return picture ? of(picture) : [];
  }
}
