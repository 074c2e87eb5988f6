import { createReadStream } from 'node:fs';
import type { Dialect } from './records';

/** What a reading of the whole file would find: the count against which the import is checked. */
export interface RecordCount {
  /** Records that are not blank, the header included. */
  records: number;
  /** Records with another number of fields than the table has columns. */
  ragged: number;
  blankLines: number;
  /** Closing quotes that are followed by something else than a separator. */
  strayQuotes: number;
  /** The file ended inside a quoted field. */
  hasOpenQuote: boolean;
}

const State = { FieldStart: 0, Unquoted: 1, Quoted: 2, QuoteInQuoted: 3 } as const;
type State = (typeof State)[keyof typeof State];

const LF = 0x0a;
const CR = 0x0d;

/** Counts the records of a UTF-8 file without keeping them: independent of the CSV reader that it checks. */
export class RecordScanner {
  private state: State = State.FieldStart;
  private fields = 1;
  private bytesInRecord = 0;
  private lastWasCr = false;
  private readonly count: RecordCount = {
    records: 0,
    ragged: 0,
    blankLines: 0,
    strayQuotes: 0,
    hasOpenQuote: false,
  };
  private readonly delimiter: number;
  private readonly quote: number;

  constructor(
    dialect: Dialect,
    private readonly columns: number,
  ) {
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.quote = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0);
  }

  update(chunk: Uint8Array): void {
    for (const byte of chunk) this.see(byte);
  }

  finish(): RecordCount {
    if (this.state === State.Quoted) this.count.hasOpenQuote = true;
    if (this.bytesInRecord > 0) this.endRecord();
    return this.count;
  }

  private see(byte: number): void {
    if (this.state === State.Quoted) {
      this.bytesInRecord += 1;
      if (byte === this.quote) this.state = State.QuoteInQuoted;
      return;
    }
    const followsCr = this.lastWasCr;
    this.lastWasCr = byte === CR;
    if (byte === LF || byte === CR) {
      if (byte === LF && followsCr) return;
      this.endRecord();
      return;
    }
    this.bytesInRecord += 1;
    if (byte === this.delimiter) {
      this.fields += 1;
      this.state = State.FieldStart;
    } else if (byte === this.quote && this.state !== State.Unquoted) {
      this.state = State.Quoted;
    } else {
      if (this.state === State.QuoteInQuoted) this.count.strayQuotes += 1;
      this.state = State.Unquoted;
    }
  }

  private endRecord(): void {
    // In a table of one column a blank line is a row without a value.
    if (this.bytesInRecord === 0 && this.columns > 1) {
      this.count.blankLines += 1;
    } else {
      this.count.records += 1;
      if (this.fields !== this.columns) this.count.ragged += 1;
    }
    this.state = State.FieldStart;
    this.fields = 1;
    this.bytesInRecord = 0;
  }
}

/** Scans a UTF-8 file from byte `start`; `columns` is the number of fields that a record of the table has. */
export async function scanRecords(
  file: { path: string; start: number },
  dialect: Dialect,
  columns: number,
): Promise<RecordCount> {
  const scanner = new RecordScanner(dialect, columns);
  const stream = createReadStream(file.path, { start: file.start, highWaterMark: 1 << 20 });
  for await (const chunk of stream) scanner.update(chunk as Uint8Array);
  return scanner.finish();
}
