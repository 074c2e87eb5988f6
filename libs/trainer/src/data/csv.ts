import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';

/** A field as RFC 4180 writes it; missing is empty, and empty text is quoted so that it stays different from it. */
export function csvField(text: string | null): string {
  if (text === null) return '';
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(fields: readonly (string | null)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/** The text of a cell: numbers without exponent where the column's decimals are known, no digits made up. */
export function cellText(cell: Cell, column: DatasetColumn): string | null {
  if (cell === null) return null;
  if (typeof cell !== 'number') return String(cell);
  const text = String(cell);
  if (!text.includes('e')) return text;
  if (Number.isInteger(cell)) return BigInt(cell).toString();
  return column.decimals === undefined ? text : cell.toFixed(column.decimals).replace(/\.?0+$/, '');
}
