import {
  independentColumnsReport,
  openParquet,
  qualityReport,
  splitHalves,
  takeRows,
  Random,
} from '@gan-dashboard/trainer';
import type { QualityColumn, QualityReport, QualityTable } from '@gan-dashboard/trainer';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { z } from 'zod';

/** Rows of each side of a comparison, at most: enough for two decimals, and a few seconds of work. */
export const comparedRows = 10_000;

const scoresSchema = z.object({
  /** Mean of the shapes and of the counted trends. */
  score: z.number().optional(),
  column_shapes: z.number().optional(),
  /** Pairs that go together in the source (SDMetrics since 0.27). */
  column_pair_trends: z.number().optional(),
  column_pair_trends_of_all_pairs: z.number().optional(),
});
type Scores = z.infer<typeof scoresSchema>;

/** How alike rows of a model are to the source, by SDMetrics' quality report, 0 to 1; what cannot be measured is absent. */
export const measuredQualitySchema = z.object({
  /** Rows of each side. */
  rows: z.int(),
  ...scoresSchema.shape,
  /** The source with each column shuffled by itself: what a model scores that has learned no column from another. */
  floor: scoresSchema,
  /** Other rows of the source: what no model does better than. */
  ceiling: scoresSchema,
  columns: z.array(z.object({ name: z.string(), metric: z.string(), score: z.number().optional() })),
});
export type MeasuredQuality = z.infer<typeof measuredQualitySchema>;

/** How many rows a model must draw to be compared with a source of so many. */
export function rowsToDraw(sourceRows: number): number {
  return Math.max(1, Math.min(comparedRows, Math.floor(sourceRows / 2)));
}

/**
 * Compares a sample with as many rows of its source. The ceiling is what as many other rows of the source score, so that
 * all three numbers have the same sampling noise.
 *
 * @param columns those that were learned; keys and free text, which are made anew, are not compared
 * @param seed chooses the rows of the source
 */
export async function measureQuality(
  source: string,
  sample: string,
  { columns, seed }: { columns: readonly DatasetColumn[]; seed: number },
): Promise<MeasuredQuality> {
  const synthetic = await readTable(sample, columns);
  const all = await readTable(source, columns);
  const order = Random.of(seed, 'compared rows').permutation(all.rowCount);
  const rows = Uint32Array.from(order.subarray(0, 2 * rowsToDraw(all.rowCount)));
  const [real, other] = splitHalves(takeRows(all, rows), seed);
  const options = { seed };
  const report = qualityReport(real, synthetic, options);
  return {
    rows: real.rowCount,
    ...scoresOf(report),
    floor: scoresOf(independentColumnsReport(real, options)),
    ceiling: scoresOf(qualityReport(real, other, options)),
    columns: report.columnShapes.columns.map(({ column: name, metric, score }) => ({
      ...{ name, metric },
      ...(score === undefined ? {} : { score }),
    })),
  };
}

async function readTable(path: string, columns: readonly DatasetColumn[]): Promise<QualityTable> {
  const source = await openParquet(path, columns);
  const read: QualityColumn[] = [];
  for (const column of columns) {
    read.push({ name: column.name, role: column.role, data: await source.read(column) });
  }
  return { rowCount: source.rowCount, columns: read };
}

function scoresOf({ score, columnShapes, columnPairTrends }: QualityReport): Scores {
  const scores = {
    score,
    column_shapes: columnShapes.score,
    column_pair_trends: columnPairTrends.score,
    column_pair_trends_of_all_pairs: columnPairTrends.scoreOfAllPairs,
  };
  return Object.fromEntries(Object.entries(scores).filter(([, value]) => value !== undefined));
}

const shownColumns = 3;

/** What was measured, in some lines: each score between its floor and its ceiling, and the columns that are least alike. */
export function qualityText(quality: MeasuredQuality): string {
  const { rows, columns, floor, ceiling } = quality;
  const line = (title: string, name: keyof Scores) => {
    const told = (value: number | undefined) => (value === undefined ? 'not measured' : value.toFixed(3));
    return `  ${title.padEnd(21)}${told(quality[name])}  (shuffled columns ${told(floor[name])}, other rows of the source ${told(ceiling[name])})`;
  };
  const worst = columns
    .flatMap(({ name, score }) => (score === undefined ? [] : [{ name, score }]))
    .sort((a, b) => a.score - b.score)
    .slice(0, shownColumns)
    .map(({ name, score }) => `${name} ${score.toFixed(3)}`);
  return [
    `Quality of ${rows.toLocaleString('en')} sampled rows beside as many of the source (SDMetrics, 1 is equal):`,
    line('column shapes', 'column_shapes'),
    line('column pair trends', 'column_pair_trends'),
    line('trends of all pairs', 'column_pair_trends_of_all_pairs'),
    ...(worst.length > 0 ? [`  least alike columns:  ${worst.join(', ')}`] : []),
  ].join('\n');
}
