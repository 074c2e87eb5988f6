import { LobsterError, lobsterTable } from './lobster-table';

const bookRow = (row: number) => `${5_859_400 + row},18,5859300,200,5859500,40,5859100,7`;
const rowsOf = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index)).join('\n');
const aBook = (text: string) => new File([text], 'AMZN_2012-06-21_orderbook_2.csv');
const messages = (text: string) => new File([text], 'AMZN_2012-06-21_message_2.csv');
const header = 'ask_price_1,ask_size_1,bid_price_1,bid_size_1,ask_price_2,ask_size_2,bid_price_2,bid_size_2';

async function failureOf(book: File, other: File | null = null): Promise<[string, string]> {
  const error: unknown = await lobsterTable(book, other).catch((reason: unknown) => reason);
  if (!(error instanceof LobsterError)) throw new Error(`not refused: ${String(error)}`);
  return [error.field, error.message];
}

describe('lobsterTable', () => {
  it('puts a header before an order book and leaves the rest as it is', async () => {
    const table = await lobsterTable(aBook(`${bookRow(0)}\n${bookRow(1)}\n`), null);
    expect(table.name).toBe('AMZN_2012-06-21_orderbook_2.csv');
    expect(await table.text()).toBe(`${header}\n${bookRow(0)}\n${bookRow(1)}\n`);
  });

  it('puts each message beside the book that it led to, whatever ends the lines', async () => {
    const events = '34200.017459617,5,0,1,2238200,-1\r\n34200.18960767,1,11885113,21,2238100,1\r\n';
    const table = await lobsterTable(aBook(`${bookRow(0)}\n${bookRow(1)}`), messages(events));
    expect((await table.text()).split('\n')).toEqual([
      `time,event_type,order_id,trade_size,trade_price,direction,${header}`,
      `34200.017459617,5,0,1,2238200,-1,${bookRow(0)}`,
      `34200.18960767,1,11885113,21,2238100,1,${bookRow(1)}`,
      '',
    ]);
  });

  it('loses no row where a file is read in several parts', async () => {
    const count = 120_000; // 5 MB of books, 3 MB of messages
    const event = (row: number) => `${34_200 + row},1,${row},21,2238100,1`;
    const table = await lobsterTable(aBook(rowsOf(count, bookRow)), messages(rowsOf(count, event)));
    const lines = (await table.text()).split('\n');
    expect(lines).toHaveLength(count + 2);
    const isWhole = (line: string, row: number) => line === `${event(row)},${bookRow(row)}`;
    expect(lines.slice(1, -1).findIndex((line, row) => !isWhole(line, row))).toBe(-1);
  });

  it('says which file is wrong, and how', async () => {
    const book = aBook(`${bookRow(0)}\n${bookRow(1)}\n`);
    const event = '34200.1,1,2,3,4,1';
    expect(await failureOf(aBook(''))).toEqual(['book', 'AMZN_2012-06-21_orderbook_2.csv is empty.']);
    expect(await failureOf(aBook(`${header}\n`))).toEqual([
      'book',
      expect.stringContaining('begins with "ask_price_1"'),
    ]);
    expect(await failureOf(aBook(`${event}\n`))).toEqual([
      'book',
      expect.stringContaining('A file with 6 holds the messages'),
    ]);
    expect(await failureOf(book, book)).toEqual([
      'messages',
      expect.stringContaining('has 8 columns; messages have 6'),
    ]);
    expect(await failureOf(book, messages(`${event}\n`))).toEqual([
      'messages',
      'AMZN_2012-06-21_message_2.csv has 1 rows and the order book has more.',
    ]);
    expect(await failureOf(book, messages(`${event}\n${event}\n${event}\n`))).toEqual([
      'messages',
      'AMZN_2012-06-21_message_2.csv has more rows than the 2 of the order book.',
    ]);
  });
});
