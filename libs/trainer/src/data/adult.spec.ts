import { DuckDBInstance } from '@duckdb/node-api';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { column } from '../testing/tables';
import { openParquet } from './parquet';
import { sparseLayoutOf } from './sparse-layout';
import { sparseRowDecoder } from './sparse-row-decoder';
import { fitSparseTable } from './sparse-table';

const csv = fileURLToPath(new URL('../../../../../shared/data/adult.csv', import.meta.url));
const isPresent = existsSync(csv);
const quantities = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week'];

/** Reads the file the way an import does: ` ?` is a missing value. */
async function importAdult(folder: string): Promise<{ path: string; columns: DatasetColumn[] }> {
  const path = join(folder, 'adult.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run(`COPY (SELECT * FROM read_csv('${csv}', nullstr=[' ?'])) TO '${path}' (FORMAT parquet)`);
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${path}'`);
    const names = described.getRows().map(([name]) => String(name));
    const columns = names.map((name) =>
      quantities.includes(name)
        ? column({ name, type: 'integer', role: 'numeric' })
        : column({ name, type: 'text', role: 'categorical' }),
    );
    return { path, columns };
  } finally {
    connection.closeSync();
  }
}

describe.skipIf(!isPresent)(`UCI Adult${isPresent ? '' : ' (skipped: ../shared/data/adult.csv is not there)'}`, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adult-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is encoded in about 180 places and comes back: categories and missing values exactly, numbers nearly all', async () => {
    const { path, columns } = await importAdult(folder);
    const source = await openParquet(path, columns);
    const settings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 100 } as const;
    const { transforms, rows } = await fitSparseTable(source, columns, settings);
    const layout = sparseLayoutOf(transforms, true);
    expect(rows.rowCount).toBe(32_561);
    expect(layout.layout.width).toBeGreaterThan(150);
    expect(layout.layout.width).toBeLessThan(200);
    const gain = transforms.find((transform) => transform.column.name === 'capital-gain');
    expect(gain).toMatchObject({ kind: 'continuous', special: [0], scale: { kind: 'log' } });
    const decode = sparseRowDecoder(transforms, layout, 1);
    const random = Random.of(1);
    const decoded = Array.from({ length: rows.rowCount }, (_, row) => decode(rows, row, row, random));
    for (const [index, each] of columns.entries()) {
      const real = await source.read(each);
      const same = decoded.filter((cells, row) => {
        const cell = cells[index] ?? null;
        if (real.kind === 'quantity') return cell === real.values[row];
        const code = real.codes[row] ?? -1;
        return cell === (code < 0 ? null : real.values[code]);
      }).length;
      if (real.kind === 'category') expect([each.name, same]).toEqual([each.name, rows.rowCount]);
      else expect(same / rows.rowCount).toBeGreaterThan(0.995);
    }
  });
});
