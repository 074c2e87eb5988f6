import { describe, expect, it } from 'vitest';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { logLine, progress, statusOf, update } from '../testing/builders';
import type { EventLog } from './event-log';
import { RunLogWriter } from './run-log-writer';

const runId = '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a';
const atStart = { lastSeq: 0, lastSeqOf: { training: 0, progress: 0, logs: 0 } };

/** A log that fails as often as it is told to. */
function fakeLog(failures = 0) {
  const batches: number[][] = [];
  const append = (messages: readonly RunMessage[]): Promise<void> => {
    if (failures-- > 0) return Promise.reject(new Error('the database is away'));
    batches.push(messages.map(({ seq }) => seq));
    return Promise.resolve();
  };
  return { batches, log: { append } as unknown as EventLog };
}

function writerOn(log: EventLog, position = atStart) {
  const durable: RunMessage[] = [];
  const onDurable = (messages: RunMessage[]) => durable.push(...messages);
  const writer = new RunLogWriter({ runId, position, log, onDurable, project: () => Promise.resolve() });
  return { writer, durable };
}

describe('RunLogWriter', () => {
  it('numbers events over all channels and names the previous one of each channel', async () => {
    const { log } = fakeLog();
    const { writer, durable } = writerOn(log);
    for (const event of [statusOf(), progress(1), logLine(1), update(1), progress(2)]) writer.record(event);
    await writer.flushed();
    expect(durable.map(({ seq, prev_seq }) => [seq, prev_seq])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
      [5, 2],
    ]);
  });

  it('goes on where the log stands', () => {
    const { writer } = writerOn(fakeLog().log, { lastSeq: 7, lastSeqOf: { training: 3, progress: 7, logs: 5 } });
    expect(writer.record(update(1))).toMatchObject({ seq: 8, prev_seq: 3 });
  });

  it('writes what arrives during a write as one batch', async () => {
    const { log, batches } = fakeLog();
    const { writer } = writerOn(log);
    for (let epoch = 1; epoch <= 10; epoch++) writer.record(update(epoch));
    await writer.flushed();
    expect(batches).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  });

  it('shows nothing before it is on disk, and loses nothing while the database is away', async () => {
    const { log, batches } = fakeLog(2);
    const { writer, durable } = writerOn(log);
    writer.record(update(1));
    await Promise.resolve();
    expect(durable).toEqual([]);
    expect(writer.backlog).toBe(1);
    writer.record(update(2));
    await writer.flushed();
    expect(batches.flat()).toEqual([1, 2]);
    expect(durable.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('puts epoch and percent of progress beside its type', () => {
    const { writer } = writerOn(fakeLog().log);
    expect(writer.record(progress(12.5))).toMatchObject({ type: 'progress', epoch: 1, progress_percent: 12.5 });
  });
});
