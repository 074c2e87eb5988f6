import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { privacyDistances } from '@gan-dashboard/shared-types';
import type { ReportContent } from '@gan-dashboard/shared-types';
import { formatCount, formatMoment } from '../design/format';
import { ColumnCard } from './column-card';
import { FactTable } from './fact-table';
import { LawPanel } from './law-panel';
import { scoreText } from './report-text';
import { ScoreTable } from './score-table';
import { TrendMaps } from './trend-maps';

const drawnColumns = 200;

const measureNames = {
  accuracy: $localize`Accuracy`,
  macro_f1: $localize`Macro F1`,
  minority_f1: $localize`F1 of the rarest class`,
  auc: 'AUC',
  r2: 'R²',
} as const;

/** All that a report says. */
@Component({
  selector: 'gd-report-body',
  imports: [ColumnCard, FactTable, LawPanel, ScoreTable, TrendMaps],
  templateUrl: './report-body.html',
  styleUrl: './report-body.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReportBody {
  readonly content = input.required<ReportContent>();

  protected readonly ordered = computed(() =>
    (this.content().quality.columns ?? []).toSorted((a, b) => (a.score ?? 2) - (b.score ?? 2)),
  );
  protected readonly columns = computed(() => this.ordered().slice(0, drawnColumns));

  protected readonly distanceHeadings = [
    $localize`From, to`,
    $localize`DCR, median`,
    $localize`DCR, closest 5 %`,
    $localize`NNDR, median`,
    $localize`NNDR, closest 5 %`,
  ];
  /** How close rows come to rows that were trained on, and to rows that were held out. */
  protected readonly distances = computed(() => {
    const { privacy } = this.content().quality;
    return privacy && privacyDistances(privacy).map(({ label, values }) => [label, ...values.map(scoreText)]);
  });

  protected readonly utility = computed(() => {
    const { utility } = this.content().quality;
    if (!utility) return undefined;
    const names = (Object.keys(measureNames) as (keyof typeof measureNames)[]).filter(
      (name) => utility.trtr[name] !== undefined,
    );
    const row = (label: string, scores: typeof utility.tstr) => [
      label,
      ...names.map((name) => scoreText(scores[name])),
    ];
    return {
      target: utility.target,
      headings: [$localize`Trained, tested`, ...names.map((name) => measureNames[name])],
      rows: [
        row($localize`synthetic, real`, utility.tstr),
        row($localize`real, real`, utility.trtr),
        row($localize`real, synthetic`, utility.trts),
      ],
      note: $localize`Means of ${utility.learners.map(({ learner }) => learner.replaceAll('_', ' ')).join(', ')}; ${formatCount(utility.rows.real_test)} real test rows.`,
    };
  });

  protected readonly lineage = computed((): (readonly [string, string])[] => {
    const { lineage, made_at: madeAt, seconds } = this.content();
    const { real, synthetic, run, checkpoint, seed, versions } = lineage;
    return [
      [$localize`Real data`, $localize`${real.name}, ${formatCount(real.rows)} rows`],
      [$localize`SHA-256 of the real data`, real.sha256 ?? $localize`not known`],
      [$localize`Synthetic data`, $localize`${synthetic.name}, ${formatCount(synthetic.rows)} rows`],
      [$localize`SHA-256 of the synthetic data`, synthetic.sha256 ?? $localize`not known`],
      ...(run
        ? ([
            [$localize`Run`, $localize`${run.name} (${run.model}, seed ${run.seed ?? 'none'})`],
            [$localize`Settings`, JSON.stringify(run.config)],
          ] as const)
        : []),
      ...(checkpoint
        ? ([
            [$localize`Checkpoint`, $localize`epoch ${checkpoint.epoch}, step ${formatCount(checkpoint.step)}`],
            [$localize`SHA-256 of the checkpoint`, checkpoint.sha256],
          ] as const)
        : []),
      [$localize`Seed`, String(seed)],
      [
        $localize`Versions`,
        Object.entries(versions)
          .map((each) => each.join(' '))
          .join(', '),
      ],
      [$localize`Made`, $localize`${formatMoment(madeAt)}, in ${seconds.toFixed(1)} s`],
    ];
  });
}
