import type { LiveCorrelations, LiveScore, LiveScoreName } from '@gan-dashboard/shared-types';
import { exactCopies } from '../quality/privacy/copies';
import { meanOf } from '../quality/mean';
import { qualityReport } from '../quality/quality-report';
import { shuffleColumns } from '../quality/reference-reports';
import { QualityError, takeRows } from '../quality/table';
import type { QualityTable } from '../quality/table';
import { Random } from '../random/random';
import { liveColumns, rounded } from './column-parts';
import { CorrelationMeasure } from './live-correlations';

const mostProbeRows = 2_000;
const mostReferenceRows = 4_000;
/** Pairs grow with the square of the columns: of wider tables a seeded choice of columns is compared in pairs. */
const mostPairedColumns = 40;

export interface ProbeScores {
  scores: Record<LiveScoreName, number | undefined>;
  columns: ReturnType<typeof liveColumns>;
  /** Share of the rows that equal an earlier one; and of the reference, of as many rows. */
  repeated: number;
}

export interface ScoredProbe extends Omit<ProbeScores, 'scores'> {
  scores: Partial<Record<LiveScoreName, LiveScore>>;
  repeatedInReal: number;
  correlations: LiveCorrelations | undefined;
}

/**
 * Scores rows of a model against a fixed part of the training rows, between a floor and a ceiling of as many rows:
 * training rows whose columns were shuffled, and held-out rows (filled up with training rows that are not part of the
 * reference, where too few are held out).
 */
export class LiveScorer {
  private readonly reference: QualityTable;
  private readonly correlations: CorrelationMeasure;
  private readonly pairedColumns: ReadonlySet<string> | undefined;
  private readonly floor: ProbeScores;
  private readonly ceiling: ProbeScores;
  /** Rows of a probe. */
  readonly probeRows: number;

  /** @throws QualityError with fewer than 4 training rows, or without a column to compare */
  constructor(training: QualityTable, heldOut: QualityTable, seed: number) {
    const { rowCount } = training;
    if (rowCount < 4) throw new QualityError(`${rowCount} training rows are too few to compare with.`);
    if (training.columns.length === 0) throw new QualityError('No column of the table can be compared.');
    this.probeRows = Math.min(mostProbeRows, rowCount >> 1);
    const rest = rowCount - this.probeRows;
    this.reference = takeRows(training, rangeOf(0, Math.min(mostReferenceRows, rest)));
    this.correlations = new CorrelationMeasure(this.reference);
    this.pairedColumns = pairedOf(training, seed);
    const others = takeRows(training, rangeOf(rest, rowCount));
    const fresh = filledUp(takeRows(heldOut, rangeOf(0, Math.min(heldOut.rowCount, this.probeRows))), others);
    this.floor = this.measure(shuffleColumns(others, seed));
    this.ceiling = this.measure(fresh);
  }

  get referenceRows(): number {
    return this.reference.rowCount;
  }

  score(probe: QualityTable): ScoredProbe {
    const { scores, columns, repeated } = this.measure(probe);
    const beside = (name: LiveScoreName): LiveScore | undefined => {
      const value = scores[name];
      if (value === undefined) return undefined;
      const { [name]: floor } = this.floor.scores;
      const { [name]: ceiling } = this.ceiling.scores;
      return {
        value: rounded(value),
        // Shuffled columns have every value: there is no floor of the coverage.
        ...(floor === undefined || name === 'coverage' ? {} : { floor: rounded(floor) }),
        ...(ceiling === undefined ? {} : { ceiling: rounded(ceiling) }),
      };
    };
    const known = (['overall', 'shapes', 'trends', 'coverage'] as const).flatMap((name) => {
      const score = beside(name);
      return score ? [[name, score] as const] : [];
    });
    return {
      scores: Object.fromEntries(known),
      ...{ columns, repeated, repeatedInReal: this.ceiling.repeated },
      correlations: this.correlations.measure(probe),
    };
  }

  private measure(probe: QualityTable): ProbeScores {
    const columns = liveColumns(this.reference, probe);
    const shapes = meanOf(columns.map(({ shape }) => shape));
    const paired = ({ rowCount, columns: all }: QualityTable): QualityTable => ({
      rowCount,
      columns: this.pairedColumns ? all.filter(({ name }) => this.pairedColumns?.has(name)) : all,
    });
    const trends = qualityReport(paired(this.reference), paired(probe)).columnPairTrends.score;
    return {
      scores: {
        overall: meanOf([shapes, trends]),
        shapes,
        trends,
        coverage: meanOf(columns.map(({ coverage }) => coverage)),
      },
      columns,
      repeated: exactCopies(probe, this.reference).repeated,
    };
  }
}

function pairedOf({ columns }: QualityTable, seed: number): ReadonlySet<string> | undefined {
  if (columns.length <= mostPairedColumns) return undefined;
  const chosen = Random.of(seed, 'quality', 'pairs').permutation(columns.length).subarray(0, mostPairedColumns);
  return new Set([...chosen].flatMap((index) => columns[index]?.name ?? []));
}

/** `first`, then as many rows of `second` as it takes to have as many as `second`. */
function filledUp(first: QualityTable, second: QualityTable): QualityTable {
  const missing = second.rowCount - first.rowCount;
  if (missing <= 0) return first;
  if (first.rowCount === 0) return second;
  const columns = second.columns.map((column, index) => {
    const head = first.columns[index]?.data;
    const tail = takeRows({ rowCount: second.rowCount, columns: [column] }, rangeOf(0, missing)).columns[0]?.data;
    if (!head || !tail) throw new RangeError('both tables have the same columns');
    return { ...column, data: joined(head, tail) };
  });
  return { rowCount: second.rowCount, columns };
}

type Cells = QualityTable['columns'][number]['data'];

function joined(a: Cells, b: Cells): Cells {
  if (a.kind === 'quantity' && b.kind === 'quantity') {
    return { kind: 'quantity', values: Float64Array.from([...a.values, ...b.values]) };
  }
  if (a.kind !== 'category' || b.kind !== 'category') throw new RangeError('both columns are of one kind');
  const codeOf = new Map(a.values.map((value, code) => [value, code]));
  const values = [...a.values];
  const translated = b.values.map((value) => {
    const code = codeOf.get(value) ?? values.push(value) - 1;
    codeOf.set(value, code);
    return code;
  });
  const codes = [...a.codes, ...Array.from(b.codes, (code) => (code < 0 ? -1 : (translated[code] ?? -1)))];
  return { kind: 'category', codes: Int32Array.from(codes), values };
}

export function rangeOf(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
