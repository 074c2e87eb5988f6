import { readFileSync } from 'node:fs';
import type { ColumnRole } from '@gan-dashboard/shared-types';
import { categories, quantities } from '../../testing/tables';
import type { QualityColumn, QualityTable } from '../table';

/** Reads the given columns of a plain CSV without quotes; cells are trimmed, an empty cell or `?` is missing. */
export function readCsv(path: string, roles: Readonly<Record<string, ColumnRole>>): QualityTable {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  const names = header.split(',');
  const rows = lines.map((line) => line.split(','));
  const columns = Object.entries(roles).map(([name, role]): QualityColumn => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`${path} has no column ${name}`);
    const cells = rows.map((row) => row[index]?.trim() ?? '').map((cell) => (['', '?'].includes(cell) ? null : cell));
    if (role === 'categorical' || role === 'id') return { name, role, data: categories(cells) };
    const toNumber = role === 'datetime' ? Date.parse : Number;
    return { name, role, data: quantities(cells.map((cell) => (cell === null ? null : toNumber(cell)))) };
  });
  return { rowCount: rows.length, columns };
}
