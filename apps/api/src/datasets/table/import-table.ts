import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetColumn, DatasetProfile } from '@gan-dashboard/shared-types';
import { bookWarnings, withBookMarks } from '../order-book/book-marks';
import { chooseTypes } from './column-types';
import type { ColumnTyping, RawColumn } from './column-types';
import { describeColumns } from './describe-columns';
import type { DuckDbSession } from './duckdb-session';
import { crossCheck, importRaw, readNullValues } from './import-csv';
import type { RawRows } from './import-csv';
import { ImportError } from './import-error';
import { parquetOptions } from './parquet-options';
import { profileColumn } from './profile';
import { readableText, readStructure } from './read-source';
import type { Header } from './reading/header';
import { identifier, literal } from './sql';
import { findStructure } from './structure';
import { parquetFile, sourceFile } from './table-protocol';
import type { ImportResult, Inspection } from './table-protocol';

/** Share of zeros from which a column of decimals is worth a question. */
const manyZeros = 0.1;

/**
 * Imports `source.csv` of a folder as typed `data.parquet` beside it, and profiles that.
 *
 * @throws ImportError where the file itself is the reason.
 */
export async function importTable(
  session: DuckDbSession,
  folder: string,
  known: Inspection | undefined,
): Promise<ImportResult> {
  const source = join(folder, sourceFile);
  const text = await readableText(folder, known);
  const reading = await readStructure(text.path, text.start);
  const rawParquet = join(folder, 'raw.parquet');
  const { dialect, header } = reading;
  const raw = await importRaw(session, {
    csv: text.path,
    rawParquet,
    dialect,
    hasHeader: header.hasHeader,
    names: header.names,
  });
  const warnings = [
    ...text.warnings,
    ...reading.warnings,
    ...crossCheck(raw, reading.count, { hasHeader: header.hasHeader, delimiter: dialect.delimiter }),
  ];
  requireRows(raw, header);
  const parquet = join(folder, parquetFile);
  const typings = await writeTyped(session, { rawParquet, parquet, header });
  await Promise.all([rm(rawParquet), text.path === source ? undefined : rm(text.path)]);
  const described = await describeColumns(session, { parquet, header, typings, rows: raw.rows });
  const about = { columns: described, hasHeader: header.hasHeader, rows: raw.rows };
  const structure = await findStructure(session, parquet, about);
  const columns = withBookMarks(described, structure.order_book);
  const profile = await profileTable(session, { parquet, columns, raw });
  return {
    row_count: raw.rows,
    rejected_row_count: raw.rejected,
    reading: {
      encoding: text.encoding,
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      has_header: header.hasHeader,
      null_values: readNullValues,
    },
    structure,
    columns,
    warnings: [
      ...warnings,
      ...typings.flatMap((typing) => typing.warnings),
      ...bookWarnings(structure.order_book, raw.rows),
      ...(await zeroWarnings(session, parquet, { columns, rows: raw.rows })),
    ].map((warning) => warning.replaceAll('\u0000', '')),
    profile,
  };
}

function requireRows({ rows, rejected, rejectedRows }: RawRows, { names, hasHeader }: Header): void {
  if (rows > 0) return;
  const [first] = rejectedRows;
  if (first) {
    throw new ImportError(
      `All ${rejected.toLocaleString('en')} rows were rejected. Line 1 has ${names.length} column(s); ` +
        `line ${first.line}: ${first.reason}. Check the header line and the separators.`,
    );
  }
  throw new ImportError(
    hasHeader ? 'The file has a header line but no rows below it. Add rows and try again.' : 'The file has no rows.',
  );
}

async function writeTyped(
  session: DuckDbSession,
  { rawParquet, parquet, header }: { rawParquet: string; parquet: string; header: Header },
): Promise<ColumnTyping[]> {
  const raw: RawColumn[] = header.names.map((name, index) => ({ sql: `c${index + 1}`, name }));
  const table = `read_parquet(${literal(rawParquet)})`;
  const typings = await chooseTypes(session, table, raw);
  const select = typings.map(({ expression }, index) => {
    return `${expression} AS ${identifier(header.names[index] ?? '')}`;
  });
  await session.run(
    `COPY (SELECT ${select.join(', ')} FROM ${table}) TO ${literal(parquet)} ${parquetOptions(select.length)}`,
  );
  return typings;
}

async function profileTable(
  session: DuckDbSession,
  { parquet, columns, raw }: { parquet: string; columns: DatasetColumn[]; raw: RawRows },
): Promise<DatasetProfile> {
  const profiles: DatasetProfile['columns'] = [];
  for (const column of columns) profiles.push(await profileColumn(session, parquet, column));
  return {
    row_count: raw.rows,
    rejected_row_count: raw.rejected,
    rejected_rows: raw.rejectedRows,
    columns: profiles,
  };
}

/** Decimals that are often exactly 0 and never below may use it for "not measured"; only people can tell. */
async function zeroWarnings(
  session: DuckDbSession,
  parquet: string,
  { columns, rows }: { columns: readonly DatasetColumn[]; rows: number },
): Promise<string[]> {
  const numbers = columns.filter(({ type, distinct }) => type === 'number' && distinct > 1);
  if (numbers.length === 0) return [];
  const counts = await session.row(
    `SELECT ${numbers.map(({ name }) => `count_if(${identifier(name)} = 0)::DOUBLE`).join(', ')} ` +
      `FROM read_parquet(${literal(parquet)}) `,
  );
  return numbers.flatMap(({ name }, index) => {
    const share = Number(counts[index]) / rows;
    if (share < manyZeros) return [];
    return [
      `${name}: ${Math.round(share * 100)} % of the values are exactly 0. If 0 stands for "not measured" there, ` +
        'replace it by an empty cell in the source.',
    ];
  });
}
