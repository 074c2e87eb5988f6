/** A file that is not what LOBSTER writes; `field` is the one of the form to put right. */
export class LobsterError extends Error {
  override readonly name = 'LobsterError';

  constructor(
    readonly field: 'book' | 'messages',
    message: string,
  ) {
    super(message);
  }
}

/** Columns of a message file (https://lobsterdata.com, output structure). */
const messageColumns = ['time', 'event_type', 'order_id', 'trade_size', 'trade_price', 'direction'] as const;
const chunkBytes = 1 << 22;
const rowsPerPart = 10_000;

/**
 * One table with a header, by which the server knows the order book: ask price, ask size, bid price and bid size of
 * each level, behind the message that led to the book where there are messages. Row k of one file belongs to row k of
 * the other.
 *
 * @throws LobsterError where a file is empty, has a header, has other columns, or the two differ in rows
 */
export async function lobsterTable(book: File, messages: File | null): Promise<File> {
  const bookHeader = headerOf((await numbersOfFirstRow(book, 'book')).length);
  if (!messages) return new File([`${bookHeader}\n`, book], book.name, { type: 'text/csv' });
  const { length } = await numbersOfFirstRow(messages, 'messages');
  if (length !== messageColumns.length) {
    throw new LobsterError(
      'messages',
      $localize`${messages.name} has ${length} columns; messages have 6: ${messageColumns.join(', ')}.`,
    );
  }
  const header = `${messageColumns.join(',')},${bookHeader}\n`;
  return new File([header, ...(await besideEachOther(messages, book))], book.name, { type: 'text/csv' });
}

function headerOf(columns: number): string {
  if (columns % 4 !== 0) {
    throw new LobsterError(
      'book',
      $localize`The order book has ${columns} columns; there must be 4 for each level. A file with 6 holds the messages.`,
    );
  }
  const levels = Array.from({ length: columns / 4 }, (_, index) => index + 1);
  return levels.map((level) => `ask_price_${level},ask_size_${level},bid_price_${level},bid_size_${level}`).join(',');
}

async function besideEachOther(messages: File, book: File): Promise<Blob[]> {
  const parts: Blob[] = [];
  const messageRows = linesOf(messages);
  let rows: string[] = [];
  let count = 0;
  for await (const bookRow of linesOf(book)) {
    const message = await messageRows.next();
    if (message.done) {
      throw new LobsterError('messages', $localize`${messages.name} has ${count} rows and the order book has more.`);
    }
    rows.push(`${message.value},${bookRow}\n`);
    count += 1;
    if (rows.length < rowsPerPart) continue;
    // A blob is kept by the browser, on disk where it is large; an array of lines is not.
    parts.push(new Blob(rows));
    rows = [];
  }
  if (!(await messageRows.next()).done) {
    throw new LobsterError('messages', $localize`${messages.name} has more rows than the ${count} of the order book.`);
  }
  return [...parts, new Blob(rows)];
}

async function numbersOfFirstRow(file: File, field: LobsterError['field']): Promise<string[]> {
  const first = await linesOf(file).next();
  if (first.done) throw new LobsterError(field, $localize`${file.name} is empty.`);
  const cells = first.value.split(',');
  const other = cells.find((cell) => cell.trim() === '' || !Number.isFinite(Number(cell)));
  if (other === undefined) return cells;
  throw new LobsterError(
    field,
    $localize`${file.name} begins with ${JSON.stringify(other.slice(0, 40))}, no number. Files of LOBSTER have no header; upload one that has as CSV.`,
  );
}

/** The lines of a text of single bytes, without those that are empty. */
async function* linesOf(file: Blob): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let offset = 0; offset < file.size; offset += chunkBytes) {
    const bytes = await file.slice(offset, offset + chunkBytes).arrayBuffer();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
  const last = rest.replace(/\r$/, '');
  if (last !== '') yield last;
  return undefined;
}
