import type { SourceColumn } from '../parquet';

/** Some rows of a column. Categories that only other rows have are left out. */
export function rowsOf(column: SourceColumn, rows: Uint32Array): SourceColumn {
  if (column.kind === 'quantity') {
    return { kind: 'quantity', values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
  }
  const codes = new Int32Array(rows.length);
  const values: (string | number | boolean)[] = [];
  const codeOf = new Map<number, number>();
  rows.forEach((row, index) => {
    const old = column.codes[row] ?? -1;
    const value = column.values[old];
    if (value === undefined) {
      codes[index] = -1;
      return;
    }
    let code = codeOf.get(old);
    if (code === undefined) {
      code = values.push(value) - 1;
      codeOf.set(old, code);
    }
    codes[index] = code;
  });
  return { kind: 'category', codes, values };
}
