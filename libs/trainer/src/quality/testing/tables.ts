import { categories, quantities } from '../../testing/tables';
import { alignCategories } from '../table';
import type { CategoryPair, QualityColumn, QualityTable, QuantityPair } from '../table';

type Cell = string | number | boolean | null;

export function numeric(name: string, values: readonly (number | null)[]): QualityColumn {
  return { name, role: 'numeric', data: quantities(values) };
}

export function categorical(name: string, cells: readonly Cell[]): QualityColumn {
  return { name, role: 'categorical', data: categories(cells) };
}

export function id(name: string, cells: readonly Cell[]): QualityColumn {
  return { name, role: 'id', data: categories(cells) };
}

export function table(...columns: readonly QualityColumn[]): QualityTable {
  const data = columns[0]?.data;
  return { rowCount: data?.kind === 'quantity' ? data.values.length : (data?.codes.length ?? 0), columns };
}

export function floats(...values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

export function quantityPair(real: readonly (number | null)[], synthetic: readonly (number | null)[]): QuantityPair {
  return { kind: 'quantity', name: 'x', real: floats(...real), synthetic: floats(...synthetic) };
}

export function categoryPair(real: readonly Cell[], synthetic: readonly Cell[]): CategoryPair {
  const [first, second] = [categories(real), categories(synthetic)];
  if (first.kind === 'quantity' || second.kind === 'quantity') throw new Error('categories() gives categories');
  return alignCategories('c', first, second);
}
