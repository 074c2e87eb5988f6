import type { QualityScore, SeriesCurve, SeriesFeatureQuality, SeriesQuality } from '@gan-dashboard/shared-types';
import { meanOf } from '../mean';
import { sequencesOf, windowsOf } from '../series/sequences';
import { stylisedFacts } from '../series/stylised-facts';
import type { LagCurve, StylisedFacts } from '../series/stylised-facts';
import { discriminativeScore, predictiveScore } from '../series/window-scores';
import { takeRows } from '../table';
import type { QualityTable } from '../table';
import type { ReportContext, SectionResult, SeriesReportOptions } from './options';
import { scored } from './scores';

/** Windows of each table that the two scores of windows look at. */
const MOST_WINDOWS = 5_000;
const FEWEST_WINDOWS = 100;

/** The stylised facts of series and the scores of windows. The ceiling is an earlier half of the real rows beside the later. */
export function seriesSection({ tables, seed, options }: ReportContext): SectionResult {
  const { series } = options;
  if (!series) return { skipped: 'The order of the rows was not said to mean anything: name the columns of a series.' };
  const { real, synthetic } = tables;
  const facts = stylisedFacts(real, synthetic, series);
  const counts = { real: countOf(real, series), synthetic: countOf(synthetic, series) };
  const ceilings = counts.real === 1 ? halvesInTime(real, series) : undefined;
  const scores = windowScores(tables, series, seed);
  return {
    part: {
      series: {
        key: series.key ?? null,
        sequences: counts,
        features: facts.map((each, i) => wireFacts(each, ceilings?.[i])),
        ...scores,
      },
    },
    scores: [...factScores(facts, ceilings), ...scoresOfWindows(scores)],
    bounds: [],
  };
}

function countOf(table: QualityTable, series: SeriesReportOptions): number {
  return sequencesOf(table, series).sequences.length;
}

/** The facts of the earlier half of a single real sequence beside the later one; undefined where it is too short. */
function halvesInTime(real: QualityTable, series: SeriesReportOptions): StylisedFacts[] | undefined {
  const half = Math.floor(real.rowCount / 2);
  if (half < 200) return undefined;
  const rows = Uint32Array.from({ length: 2 * half }, (_, row) => row);
  return stylisedFacts(takeRows(real, rows.subarray(0, half)), takeRows(real, rows.subarray(half)), series);
}

type WindowScores = Pick<SeriesQuality, 'window' | 'discriminative' | 'predictive'>;

function windowScores(
  { real, synthetic }: { real: QualityTable; synthetic: QualityTable },
  { window = 24, iterations = { discriminative: 500, predictive: 1_000 }, ...series }: SeriesReportOptions,
  seed: number,
): WindowScores {
  if (window === null) return {};
  const counts = [real, synthetic].map((table) => windowsOf(sequencesOf(table, series), window).length);
  if (Math.min(...counts) < FEWEST_WINDOWS) return {};
  const { key, time, features } = series;
  const settings = {
    ...{ window, seed, maxWindows: MOST_WINDOWS },
    ...(key === undefined ? {} : { key }),
    ...(time === undefined ? {} : { time }),
    ...(features === undefined ? {} : { features }),
  };
  return {
    window,
    discriminative: discriminativeScore(real, synthetic, { ...settings, iterations: iterations.discriminative }),
    predictive: predictiveScore(real, synthetic, { ...settings, iterations: iterations.predictive }),
  };
}

function factScores(facts: readonly StylisedFacts[], ceilings: readonly StylisedFacts[] | undefined): QualityScore[] {
  const of = (
    name: string,
    better: 'higher' | 'lower',
    read: (each: StylisedFacts) => number | undefined,
  ): QualityScore => {
    const score = scored({ name, section: 'series', better }, meanOf(facts.map(read)));
    const ceiling = ceilings && meanOf(ceilings.map(read));
    // Two halves of a history differ by its course as well as by chance: to be closer is no sign of copies.
    return ceiling === undefined ? score : { ...score, ceiling };
  };
  return [
    of('acf', 'higher', ({ acf }) => acf.score),
    of('acf_absolute', 'higher', ({ acfAbsolute }) => acfAbsolute.score),
    of('acf_squared', 'higher', ({ acfSquared }) => acfSquared.score),
    of('leverage', 'higher', ({ leverage }) => leverage.score),
  ];
}

function scoresOfWindows({ discriminative, predictive }: WindowScores): QualityScore[] {
  const name = (of: string) => ({ name: of, section: 'series', better: 'lower' }) as const;
  return [
    ...(discriminative ? [{ ...scored(name('discriminative_score'), discriminative.score), floor: 0.5 }] : []),
    ...(predictive
      ? [
          {
            ...scored(name('predictive_score'), predictive.synthetic),
            ...(predictive.real === undefined ? {} : { ceiling: predictive.real }),
          },
        ]
      : []),
  ];
}

function wireFacts(facts: StylisedFacts, ceiling: StylisedFacts | undefined): SeriesFeatureQuality {
  const pair = ({ real, synthetic }: { real: number | undefined; synthetic: number | undefined }) => ({
    real: real ?? null,
    synthetic: synthetic ?? null,
  });
  return {
    column: facts.column,
    changes: facts.changes,
    acf: wireCurve(facts.acf),
    acf_absolute: wireCurve(facts.acfAbsolute),
    acf_squared: wireCurve(facts.acfSquared),
    leverage: wireCurve(facts.leverage),
    tails: {
      skewness: pair(facts.skewness),
      excess_kurtosis: pair(facts.excessKurtosis),
      hill: pair(facts.hill),
    },
    aggregated: facts.aggregated.map(({ steps, emd, excessKurtosis }, i) => ({
      steps,
      emd: emd ?? null,
      ...(ceiling ? { emd_ceiling: ceiling.aggregated[i]?.emd ?? null } : {}),
      excess_kurtosis: pair(excessKurtosis),
    })),
  };
}

function wireCurve({ real, synthetic, distance, score }: LagCurve): SeriesCurve {
  return {
    lags: real.map((_, i) => i + 1),
    real: real.map((value) => value ?? null),
    synthetic: synthetic.map((value) => value ?? null),
    distance: distance ?? null,
    score: score ?? null,
  };
}
