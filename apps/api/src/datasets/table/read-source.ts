import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from './import-error';
import { ByteInspector } from './reading/byte-inspector';
import { firstRecords, proposeDelimiter } from './reading/dialect';
import { decideEncoding } from './reading/encoding';
import type { Transcoding } from './reading/encoding';
import { readHeader } from './reading/header';
import type { Header } from './reading/header';
import { scanRecords } from './reading/record-scanner';
import type { RecordCount } from './reading/record-scanner';
import type { Dialect } from './reading/records';
import { transcode } from './reading/transcode';
import { sourceFile } from './table-protocol';
import type { Inspection } from './table-protocol';

const headBytes = 1 << 20;

async function inspect(path: string): Promise<Inspection> {
  const inspector = new ByteInspector();
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) inspector.update(chunk as Uint8Array);
  return inspector.finish();
}

export interface ReadableText {
  path: string;
  /** First byte after a byte order mark. */
  start: number;
  encoding: Transcoding['encoding'];
  warnings: string[];
}

/**
 * The source itself where it is UTF-8 with one kind of line end; else a copy of it that is.
 *
 * @throws ImportError for a file that is empty or no text.
 */
export async function readableText(folder: string, known: Inspection | undefined): Promise<ReadableText> {
  const path = join(folder, sourceFile);
  const inspection = known ?? (await inspect(path));
  const transcoding = decideEncoding(inspection);
  const { encoding, decoder, hasMixedLineEnds } = transcoding;
  const warnings: string[] = [];
  if (encoding === 'latin-1') {
    warnings.push('The file is not UTF-8; it was read as Latin-1 (windows-1252). Check its accented letters.');
  }
  if (hasMixedLineEnds) {
    const { crlf, lf, cr } = inspection;
    warnings.push(`The file mixes line ends (${crlf} CRLF, ${lf} LF, ${cr} CR); they were made uniform.`);
  }
  if (decoder === undefined && !hasMixedLineEnds) {
    return { path, start: inspection.byte_order_mark === 'utf-8' ? 3 : 0, encoding, warnings };
  }
  const uniform = join(folder, 'uniform.csv');
  await transcode(path, uniform, transcoding);
  return { path: uniform, start: 0, encoding, warnings };
}

export interface SourceReading {
  dialect: Dialect;
  header: Header;
  count: RecordCount;
  warnings: string[];
}

/**
 * Finds delimiter, quoting and header, and counts the file's records.
 *
 * @throws ImportError where the file has no readable header.
 */
export async function readStructure(path: string, start: number): Promise<SourceReading> {
  const { text, isWholeFile } = await readHead(path, start);
  if (text.trim() === '') throw new ImportError('The file holds only blank lines. Choose a CSV file with rows.');
  const delimiter = proposeDelimiter(text, isWholeFile);
  const quoted: Dialect = { delimiter, quote: '"' };
  let dialect = quoted;
  let header = readHeader(firstRecords(text, dialect, isWholeFile));
  let count = await scanRecords({ path, start }, dialect, header.names.length);
  const warnings: string[] = [];
  if (count.hasOpenQuote || count.strayQuotes > 0) {
    const plain: Dialect = { delimiter, quote: '' };
    const plainHeader = readHeader(firstRecords(text, plain, isWholeFile));
    const plainCount = await scanRecords({ path, start }, plain, plainHeader.names.length);
    if (goodRecords(plainCount) > goodRecords(count)) {
      [dialect, header, count] = [plain, plainHeader, plainCount];
      warnings.push('Quotes in the file do not pair up, so they were read as part of the values.');
    }
  }
  if (header.names.length === 0 || count.records === 0) {
    throw new ImportError('No columns were found in the first line. Choose a CSV file with a header line and rows.');
  }
  return { dialect, header, count, warnings: [...warnings, ...header.warnings] };
}

function goodRecords({ records, ragged, strayQuotes }: RecordCount): number {
  return records - ragged - strayQuotes;
}

async function readHead(path: string, start: number): Promise<{ text: string; isWholeFile: boolean }> {
  const file = await open(path);
  try {
    const { size } = await stat(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, headBytes)), { position: start });
    return { text: buffer.toString('utf8', 0, bytesRead), isWholeFile: start + bytesRead >= size };
  } finally {
    await file.close();
  }
}
