import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { setImmediate } from 'node:timers/promises';
import type { SourceColumn, SourceTable } from '../src/data/parquet';
import type { Engine } from '../src/engine/engine';
import { parseModelConfig } from '../src/models/catalog';
import { openModel } from '../src/models/open-model';
import type { QualityTable } from '../src/quality';

/** Rows that are drawn at once. */
const chunkRows = 500;

export interface SynthesisTask {
  model: string;
  /** What is set apart from the defaults. */
  config: Record<string, unknown>;
  seed: number;
  source: SourceTable;
  columns: readonly DatasetColumn[];
  rows: number;
  engine: Engine;
}

/**
 * Trains a model without files or events and draws rows from it.
 *
 * @returns the rows in the order of the columns, and the seconds that the steps took
 * @throws Error naming a setting that is not right
 */
export async function synthesise(task: SynthesisTask) {
  const { model, seed, source, engine } = task;
  const parsed = parseModelConfig(model, { checkpoint_seconds: 0, quality_every: 0, ...task.config });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join(' '));
  const opened = openModel(model, parsed.config, engine);
  const fitted = await opened.fit(source, task.columns, { seed, onColumn: () => Promise.resolve() });
  const totalSteps = parsed.config.epochs * opened.stepsPerEpoch(source.rowCount);
  const start = performance.now();
  for (let step = 0; step < totalSteps; step++) {
    fitted.model.step({ step, totalSteps });
    // Helping threads start on the event loop.
    if (step % 10 === 0) await setImmediate();
  }
  const seconds = (performance.now() - start) / 1_000;
  const { transforms, rowCount, engine: madeBy } = fitted;
  const sampler = await opened.openSampler({ transforms, rowCount, madeBy, state: fitted.model.getState() });
  await fitted.model.dispose?.();
  const cells: Cell[][] = [];
  for (let from = 0; from < task.rows; from += chunkRows) {
    cells.push(...sampler.draw({ from, rows: chunkRows }, seed).slice(0, task.rows - from));
  }
  return { cells, seconds, steps: totalSteps, engineName: fitted.engine };
}

/** Rows as the quality report reads them. */
export function tableOfCells(columns: readonly DatasetColumn[], cells: readonly (readonly Cell[])[]): QualityTable {
  return {
    rowCount: cells.length,
    columns: columns.map(({ name, role }, index) => {
      const own = cells.map((row) => row[index] ?? null);
      return { name, role, data: role === 'categorical' ? categoriesOf(own) : quantitiesOf(own) };
    }),
  };
}

function quantitiesOf(cells: readonly Cell[]): SourceColumn {
  return { kind: 'quantity', values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) };
}

function categoriesOf(cells: readonly Cell[]): SourceColumn {
  const codeOf = new Map<string | number | boolean, number>();
  const codes = Int32Array.from(cells, (cell) => {
    if (cell === null) return -1;
    const code = codeOf.get(cell) ?? codeOf.size;
    codeOf.set(cell, code);
    return code;
  });
  return { kind: 'category', codes, values: [...codeOf.keys()] };
}
