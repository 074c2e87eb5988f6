import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { LineChart } from '../../charts/line-chart';
import { formatCount } from '../../design/format';
import { Skeleton } from '../../design/skeleton';
import { ProblemNotice } from '../../problems/problem-notice';
import { depthBeside, depthLabels, faultsText, midLaws, spreadLaws } from './book-lines';
import type { BookPair } from './book-lines';
import { OrderBooksApi } from './order-books-api';

/** Real beside synthetic order books: depth by level, and the laws of spread and mid. */
@Component({
  selector: 'gd-sample-order-book',
  imports: [LineChart, ProblemNotice, Skeleton],
  template: `
    <div class="gd-card-head">
      <h3 i18n>Order book: real beside synthetic</h3>
      <span class="gd-hint" data-testid="sample-book-faults">{{ faults() }}</span>
    </div>
    @if (problem(); as failed) {
      <gd-problem-notice what="The order books could not be drawn" i18n-what [problem]="failed" (retry)="load()" />
    } @else if (pair()) {
      <div class="charts">
        <gd-line-chart
          title="Median depth by level"
          i18n-title
          testId="sample-book-depth"
          xTitle="level"
          i18n-xTitle
          [lines]="depth()"
          [xLabels]="labels()"
        />
        <gd-line-chart
          title="Rows by spread"
          i18n-title
          testId="sample-book-spread"
          xTitle="ticks at most"
          i18n-xTitle
          [lines]="spreads()"
        />
        <gd-line-chart
          title="Mid price"
          i18n-title
          testId="sample-book-mid"
          xTitle="% of rows below"
          i18n-xTitle
          [lines]="mids()"
        />
      </div>
    } @else {
      <gd-skeleton [lines]="4" />
    }
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    h3 {
      font-size: 13px;
    }
    .charts {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
    }
  `,
  host: { 'data-testid': 'sample-order-book' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SampleOrderBook {
  readonly sampleId = input.required<string>();
  readonly datasetId = input.required<string>();

  private readonly api = inject(OrderBooksApi);
  protected readonly pair = signal<BookPair | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly labels = computed(() => {
    const pair = this.pair();
    return pair ? depthLabels(pair.synthetic) : null;
  });
  protected readonly depth = computed(() => this.linesOf(depthBeside));
  protected readonly spreads = computed(() => this.linesOf(spreadLaws));
  protected readonly mids = computed(() => this.linesOf(midLaws));
  protected readonly faults = computed(() => {
    const synthetic = this.pair()?.synthetic;
    if (!synthetic) return '';
    return (
      faultsText(synthetic.faults, synthetic.rows) ||
      $localize`All ${formatCount(synthetic.rows)} rows are valid books.`
    );
  });

  constructor() {
    effect(() => {
      this.sampleId();
      this.datasetId();
      untracked(() => void this.load());
    });
  }

  protected async load(): Promise<void> {
    const [sampleId, datasetId] = [this.sampleId(), this.datasetId()];
    const isCurrent = () => this.sampleId() === sampleId && this.datasetId() === datasetId;
    this.pair.set(null);
    this.problem.set(null);
    try {
      const [synthetic, real] = await Promise.all([this.api.ofSample(sampleId), this.real(datasetId)]);
      if (isCurrent()) this.pair.set({ synthetic, real });
    } catch (error) {
      if (isCurrent()) this.problem.set(toApiProblem(error));
    }
  }

  /** Null where the data set was deleted since, or its order book is not known any more. */
  private async real(datasetId: string): Promise<BookPair['real']> {
    try {
      return await this.api.ofDataset(datasetId);
    } catch (error) {
      const { status } = toApiProblem(error);
      if (status === 404 || status === 409) return null;
      throw error;
    }
  }

  private linesOf(of: (pair: BookPair) => ReturnType<typeof depthBeside>) {
    const pair = this.pair();
    return pair ? of(pair) : [];
  }
}
