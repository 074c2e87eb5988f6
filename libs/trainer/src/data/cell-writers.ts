import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { mix } from '../random/random';
import type { Random } from '../random/random';
import { weightDrawer } from './conditions';
import { spell, timeWriterOf } from './column-transform';
import type { CategoricalTransform, Grid } from './column-transform';

export interface QuantityRules {
  column: DatasetColumn;
  /** Where written values lie; null: anywhere. */
  grid: Grid | null;
  /** Decimals that are written; null: all that there are. */
  decimals: number | null;
  smallest: number;
  largest: number;
}

/** Writes quantities as the source does: on its grid, with its decimals, within the range that was seen. */
export function quantityWriter({ column, grid, decimals, smallest, largest }: QuantityRules): (value: number) => Cell {
  const round = decimals === null ? (value: number) => value : roundingTo(decimals);
  const writeTime = column.role === 'datetime' ? timeWriterOf(column, grid?.step ?? 1) : null;
  return (decoded) => {
    const snapped = grid ? grid.origin + Math.round((decoded - grid.origin) / grid.step) * grid.step : decoded;
    const value = Math.min(largest, Math.max(smallest, round(snapped)));
    return writeTime ? writeTime(value) : value;
  };
}

/** Rounds to decimals as `Number(value.toFixed(decimals))` does, to the bit, and mostly without a text between. */
export function roundingTo(decimals: number): (value: number) => number {
  // Powers of ten are exact up to 10^22.
  if (decimals > 22) return (value) => Number(value.toFixed(decimals));
  const scale = Number(`1e${decimals}`);
  return (value) => {
    const scaled = value * scale;
    const whole = Math.round(scaled);
    // The product errs by less than 2^-13 here: away from halves it cannot round to the wrong side. A zero has a sign.
    const isSure = Math.abs(scaled) < 2 ** 40 && Math.abs(scaled - whole) < 0.499 && whole !== 0;
    return isSure ? whole / scale : Number(value.toFixed(decimals));
  };
}

/** Writes the slots of a column of categories; the last slot is a missing value where the column has some. */
export function categoryWriter(transform: CategoricalTransform): (slot: number, random: Random) => Cell {
  const { rest, column } = transform;
  const cells = transform.values.map((value) => spell(value, column));
  const restCells = rest?.values.map((value) => spell(value, column)) ?? [];
  const drawRest = rest ? weightDrawer(rest.counts) : null;
  return (slot, random) => {
    const cell = cells[slot];
    if (cell !== undefined) return cell;
    return drawRest && slot === cells.length ? (restCells[drawRest(random)] ?? null) : null;
  };
}

/** Writes keys that no other row of the sample has: 1 … n, or text named by the seed. */
export function idWriter(column: DatasetColumn, seed: number): (row: number) => Cell {
  return column.type === 'text' ? (row) => textId(seed, row) : (row) => row + 1;
}

/** `mix` maps different words to different words. */
function textId(seed: number, row: number): string {
  const word = mix(row ^ mix(seed));
  return `id-${word.toString(16).padStart(8, '0')}`;
}
