import { describe, expect, it } from 'vitest';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import { logLine, progress, statusOf, update } from '../testing/builders';
import { messagesAt } from './append-statement';
import type { EventBatch } from './append-statement';
import type { EventLog } from './event-log';
import { LogWriteStats } from './event-stats';
import { FencedError, RunMissingError } from './refused-write';
import { RunLogWriter, WriterIdentity } from './run-log-writer';

const runId = '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a';

/** A log that first gives the answers it is told to give, and then numbers what it gets. */
function fakeLog(...answers: Error[]) {
  const batches: { events: NewRunEvent[]; batch: number; writerId: string }[] = [];
  let lastSeq = 0;
  const append = (batch: EventBatch): Promise<RunMessage[]> => {
    const answer = answers.shift();
    if (answer) return Promise.reject(answer);
    batches.push({ events: [...batch.events], batch: batch.batch, writerId: batch.writerId });
    const stand = {
      fence: '0',
      last_seq: String(lastSeq),
      last_seq_of: ['0', '0', '0'],
      last_line: 0,
      project_id: defaultProjectId,
      is_deleted: false,
      is_new: true,
    };
    lastSeq += batch.events.length;
    return Promise.resolve(messagesAt(batch, stand));
  };
  return { batches, log: { append } as unknown as EventLog };
}

const away = () => new Error('the database is away');
const fenced = () => new FencedError(runId, { fence: 1, current: 2 });

function writerOn(log: EventLog, options: { identity?: WriterIdentity } = {}) {
  const durable: RunMessage[] = [];
  const refusals: Error[] = [];
  const stats = new LogWriteStats();
  const writer = new RunLogWriter({
    runId,
    log,
    stats,
    onDurable: (messages) => durable.push(...messages),
    onFenced: (error) => refusals.push(error),
    project: () => Promise.resolve(),
    ...options,
  });
  return { writer, durable, refusals, stats };
}

describe('RunLogWriter', () => {
  it('tells what became of the events once they are on disk', async () => {
    const { writer, durable } = writerOn(fakeLog().log);
    writer.record(statusOf());
    const written = await writer.write([progress(12.5), logLine(1)]);
    expect(durable.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(written).toEqual(durable.slice(1));
    expect(written).toMatchObject([{ type: 'progress', epoch: 1, progress_percent: 12.5 }, { data: { line: 1 } }]);
  });

  it('writes what arrives during a write as one batch', async () => {
    const { log, batches } = fakeLog();
    const { writer } = writerOn(log);
    for (let epoch = 1; epoch <= 10; epoch++) writer.record(update(epoch));
    await writer.flushed();
    expect(batches.map(({ events }) => events.length)).toEqual([10]);
  });

  it('shows nothing before it is on disk, and loses nothing while the database is away', async () => {
    const { log, batches } = fakeLog(away(), away());
    const { writer, durable, stats } = writerOn(log);
    writer.record(update(1));
    await Promise.resolve();
    expect(durable).toEqual([]);
    expect(writer.backlog).toBe(1);
    writer.record(update(2));
    await writer.flushed();
    expect(batches.map(({ events }) => events)).toEqual([[update(1)], [update(2)]]);
    expect(durable.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(stats).toMatchObject({ retries: 2, events: 2, backlog: 0 });
  });

  it('sends a batch again under its old number, and a new one under the next', async () => {
    const { log, batches } = fakeLog(away());
    const identity = new WriterIdentity();
    const { writer } = writerOn(log, { identity });
    await writer.write([update(1)]);
    await writer.write([update(2)]);
    await writerOn(log, { identity }).writer.write([update(3)]);
    expect(batches.map(({ batch, writerId }) => [batch, writerId])).toEqual(
      [1, 2, 3].map((batch) => [batch, identity.id]),
    );
  });

  it('ends for good when another owner has the run: says so once, and drops what it is told', async () => {
    const { log, batches } = fakeLog(away(), fenced());
    const { writer, durable, refusals, stats } = writerOn(log);
    const written = writer.write([update(1)]);
    await expect(written).rejects.toThrow(FencedError);
    await expect(writer.flushed()).rejects.toThrow('fence 2, this writer has 1');
    writer.record(update(2));
    await expect(writer.write([update(3)])).rejects.toThrow(FencedError);
    expect([writer.isClosed, writer.backlog, stats.backlog, durable, batches]).toEqual([true, 0, 0, [], []]);
    expect(refusals).toEqual([expect.any(FencedError)]);
  });

  it('does not go on trying to write to a run that is not there', async () => {
    const { writer, refusals } = writerOn(fakeLog(new RunMissingError(runId)).log);
    writer.record(update(1));
    await expect(writer.flushed()).rejects.toThrow(RunMissingError);
    expect(refusals).toHaveLength(1);
  });

  it('can be given up while the database is away, which is no refusal', async () => {
    const { writer, refusals, stats } = writerOn(fakeLog(...Array.from({ length: 99 }, away)).log);
    const written = writer.write([update(1)]);
    writer.abandon();
    await expect(written).rejects.toThrow('before its last events were written');
    await expect(writer.flushed()).rejects.toThrow('before its last events were written');
    expect([refusals, stats.backlog]).toEqual([[], 0]);
  });
});
