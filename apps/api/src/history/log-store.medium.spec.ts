import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import type { LogEntry, LogQuery } from '@gan-dashboard/shared-types';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { writeLines } from './log-chunks';
import { LogCompactor } from './log-compactor';
import { LogStore } from './log-store';

function entry(line: number, message: string, values: Partial<LogEntry> = {}): LogEntry {
  const timestamp = new Date(1_795_428_000_000 + 13 * line).toISOString();
  return { message, source: 'training_output', stream: 'stdout', level: 'info', line, timestamp, ...values };
}

const messages = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Epoch 3 LOSS 0.5', 'époque ÉLITE', 'two\nlines', '', '100%_\\', 'x'.repeat(9_000)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);
const line = fc.record({
  message: messages,
  level: fc.constantFrom('debug', 'info', 'warning', 'error'),
  origin: fc.constantFrom(
    { source: 'training' },
    { source: 'training_error', stream: 'stderr' },
    { source: 'training_output', stream: 'stdout' },
  ),
});
/** Lines, some of them so many times that they fill chunks, and whether they are compacted then. */
const flush = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 40 }),
    times: fc.constantFrom(1, 1, 1, 30),
    isCompacted: fc.boolean(),
  })
  .map(({ lines, times, isCompacted }) => ({ lines: Array.from({ length: times }, () => lines).flat(), isCompacted }));
const query = fc.record({
  from_line: fc.integer({ min: -1_500, max: 1_500 }),
  limit: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3_000 })),
  search: fc.option(fc.constantFrom('loss', 'Élite', 'É', 'o l', '%_\\', 'nowhere', 'É É', '\n'), { nil: undefined }),
  level: fc.option(fc.constantFrom('info', 'error'), { nil: undefined }),
}) as fc.Arbitrary<LogQuery>;

describe('the log store', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let store: LogStore;
  let compactor: LogCompactor;
  let runId: string;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    store = new LogStore(dataSource);
    compactor = new LogCompactor(dataSource);
  });
  afterAll(() => close());
  beforeEach(async () => {
    runId = await insertRun(dataSource);
  });

  const write = (lines: LogEntry[]) => dataSource.transaction((manager) => writeLines(manager, runId, lines));
  const chunks = async (): Promise<number> => {
    const [row] = await dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM log_chunk WHERE run_id = $1',
      [runId],
    );
    return row?.count ?? -1;
  };

  it('pages and searches as a list of lines would be, compacted or not', { timeout: 240_000 }, async () => {
    const flushes = fc.array(flush, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(flushes, fc.array(query, { minLength: 4, maxLength: 4 }), async (all, queries) => {
        runId = await insertRun(dataSource);
        const lines: LogEntry[] = [];
        for (const { lines: some, isCompacted } of all) {
          const fresh = some.map(({ message, level, origin }, position) => {
            const text = message.replaceAll('\0', '').toWellFormed();
            const { stream: _stream, ...plain } = entry(lines.length + position + 1, text, { level });
            return { ...plain, ...origin };
          });
          await write(fresh);
          lines.push(...fresh);
          if (isCompacted) await compactor.compact(runId);
        }
        for (const one of queries) {
          const from = one.from_line < 0 ? lines.length + one.from_line + 1 : one.from_line;
          const found = lines.filter(
            ({ line, level, message }) =>
              line >= from &&
              (!one.level || level === one.level) &&
              (!one.search || message.toLowerCase().includes(one.search.toLowerCase())),
          );
          expect(await store.read(runId, one)).toEqual({
            items: found.slice(0, one.limit),
            total_lines: lines.length,
            next_line: found[one.limit]?.line ?? null,
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('puts single lines together, and cuts at 500 lines and at 64 KB', async () => {
    for (let line = 1; line <= 130; line++) await write([entry(line, `line ${line}`)]);
    expect(await chunks()).toBe(130);
    await compactor.compact(runId);
    expect(await chunks()).toBe(1);
    await write(Array.from({ length: 900 }, (_, index) => entry(131 + index, `line ${131 + index}`)));
    await compactor.compact(runId);
    // The first stays small: a full chunk follows on it.
    expect(await chunks()).toBe(3);
    await write(Array.from({ length: 20 }, (_, index) => entry(1_031 + index, 'x'.repeat(8_000))));
    await compactor.compact(runId);
    expect(await chunks()).toBe(6);
    const { items } = await store.read(runId, { from_line: 1, limit: 5_000 });
    expect(items.map(({ line }) => line)).toEqual(Array.from({ length: 1_050 }, (_, index) => index + 1));
  });

  it('strips what the database refuses, and keeps the first of a line that is written twice', async () => {
    await write([entry(1, 'a\0b\ud800c')]);
    await write([entry(1, 'later'), entry(2, 'two')]);
    const read = async () => (await store.read(runId, { from_line: 1, limit: 10 })).items.map(({ message }) => message);
    expect(await read()).toEqual(['ab\ufffdc', 'two']);
    await compactor.compact(runId);
    expect(await read()).toEqual(['ab\ufffdc', 'two']);
  });

  it('neither hides nor doubles a line while it is compacted', { timeout: 60_000 }, async () => {
    let written = 0;
    let isDone = false;
    const writing = (async () => {
      while (written < 3_000) {
        await write(Array.from({ length: 10 }, (_, index) => entry(written + index + 1, 'some text')));
        written += 10;
      }
      isDone = true;
    })();
    const compacting = (async () => {
      while (!isDone) await compactor.compact(runId);
    })();
    while (!isDone) {
      const atLeast = written;
      const { items, total_lines } = await store.read(runId, { from_line: 1, limit: 5_000, search: 'TEXT' });
      expect(items.map(({ line }) => line)).toEqual(Array.from({ length: total_lines }, (_, index) => index + 1));
      expect(total_lines).toBeGreaterThanOrEqual(atLeast);
    }
    await Promise.all([writing, compacting]);
  });
});
