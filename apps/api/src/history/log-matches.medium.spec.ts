import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { writeLines } from './log-chunks';
import { LogStore } from './log-store';

function entry(line: number, values: Partial<LogEntry> = {}): LogEntry {
  const isError = line % 100 === 0;
  return {
    message: isError ? `Loss ${line} exploded` : `epoch ${line}`,
    source: 'training_output',
    stream: isError ? 'stderr' : 'stdout',
    level: isError ? 'error' : 'info',
    line,
    timestamp: new Date(1_795_428_000_000 + line).toISOString(),
    ...values,
  };
}

describe('the lines of a log that match', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let runId: string;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
  });
  afterAll(() => close());
  beforeEach(async () => {
    runId = await insertRun(dataSource);
    const lines = Array.from({ length: 2_500 }, (_, index) => entry(index + 1));
    await dataSource.transaction((manager) => writeLines(manager, runId, lines));
  });

  it('are numbered over the whole log, by text, level and stream', async () => {
    const store = new LogStore(dataSource);
    const hundreds = Array.from({ length: 25 }, (_, index) => (index + 1) * 100);
    expect(await store.matches(runId, { search: 'LOSS', limit: 1_000 })).toEqual({
      lines: hundreds,
      total: 25,
      total_lines: 2_500,
    });
    expect((await store.matches(runId, { level: 'error', limit: 1_000 })).lines).toEqual(hundreds);
    expect((await store.matches(runId, { stream: 'stderr', limit: 1_000 })).lines).toEqual(hundreds);
    expect((await store.matches(runId, { search: 'loss', stream: 'stdout', limit: 1_000 })).total).toBe(0);
  });

  it('are counted beyond what is listed, and paged by stream', async () => {
    const store = new LogStore(dataSource);
    expect(await store.matches(runId, { level: 'info', limit: 3 })).toEqual({
      lines: [1, 2, 3],
      total: 2_475,
      total_lines: 2_500,
    });
    const page = await store.read(runId, { from_line: 150, limit: 2, stream: 'stderr' });
    expect(page.items.map(({ line }) => line)).toEqual([200, 300]);
    expect(page.next_line).toBe(400);
  });
});
