import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { EventDoorbell } from '../events/event-doorbell';
import { EventHub } from '../events/event-hub';
import { EventLog } from '../events/event-log';
import { FencedError, RunMissingError } from '../events/refused-write';
import { DatabaseSession } from '../platform/database/database-session';
import { insertRun, logLine, progress, statusOf, update } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { RunLogs } from './run-logs.service';

describe('RunLogs on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let log: EventLog;
  let hub: EventHub;
  let logs: RunLogs;
  let runId: string;

  beforeAll(async () => {
    // What the writers say of being refused.
    Logger.overrideLogger(false);
    ({ dataSource, close } = await createTestDataSource());
  });
  afterAll(() => close());
  beforeEach(async () => {
    log = new EventLog(dataSource);
    hub = new EventHub();
    logs = new RunLogs(log, hub, new EventDoorbell(new DatabaseSession(dataSource)));
    runId = await insertRun(dataSource);
  });

  const takeUp = (fence: number) => dataSource.query('UPDATE run SET fence = $2 WHERE id = $1', [runId, fence]);
  const seqsOnDisk = async () => (await log.readRun(runId, 0, { limit: 100 })).map(({ seq }) => seq);
  const shouldNot = (error: FencedError) => {
    throw error;
  };

  it('says what the log made of events, and publishes them', async () => {
    const published: RunMessage[] = [];
    for (const channel of Object.values(hub.channels)) channel.subscribe((message) => published.push(message));
    const written = await logs.record(runId, [statusOf(), logLine(1), progress(5)]);
    expect(written.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(published).toEqual(written);
    expect(await log.readRun(runId, 0, { limit: 10 })).toEqual(written);
  });

  it('gives everybody the same writer of a run, and an owner one of its own', async () => {
    const [one, same] = await Promise.all([logs.acquire(runId), logs.acquire(runId)]);
    const owner = await logs.acquire(runId, { fence: 0, onFenced: shouldNot });
    expect(same).toBe(one);
    expect(owner).not.toBe(one);
    for (const writer of [one, owner]) writer.record(update(1));
    await logs.settled(runId);
    expect(await seqsOnDisk()).toEqual([1, 2]);
    await logs.release(runId, one);
    expect(await logs.acquire(runId)).toBe(one);
    for (const writer of [one, one, owner]) await logs.release(runId, writer);
    expect(await logs.acquire(runId)).not.toBe(one);
  });

  it('has what was recorded on disk when the writer is given back', async () => {
    const writer = await logs.acquire(runId);
    for (let epoch = 1; epoch <= 5; epoch++) writer.record(update(epoch));
    await logs.release(runId, writer);
    expect(await seqsOnDisk()).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets an owner write until another has the run, and others all the time', async () => {
    await takeUp(1);
    const refusals: FencedError[] = [];
    const owner = await logs.acquire(runId, { fence: 1, onFenced: (error) => refusals.push(error) });
    owner.record(update(1));
    await owner.flushed();
    await takeUp(2);
    owner.record(update(2));
    await logs.record(runId, [update(3)]);
    await logs.release(runId, owner);
    expect(refusals).toEqual([expect.any(FencedError)]);
    await expect(logs.record(runId, [update(4)], { fence: 1 })).rejects.toThrow(FencedError);
    await logs.record(runId, [update(5)], { fence: 2 });
    expect(await seqsOnDisk()).toEqual([1, 2, 3]);
  });

  it('says that a run is not there, and writes to it once it is', async () => {
    await dataSource.query('UPDATE run SET deleted_at = now() WHERE id = $1', [runId]);
    await expect(logs.record(runId, [update(1)])).rejects.toThrow(RunMissingError);
    await dataSource.query('UPDATE run SET deleted_at = NULL WHERE id = $1', [runId]);
    await logs.record(runId, [update(1)]);
    expect(await seqsOnDisk()).toEqual([1]);
  });

  it('leaves one row of books for a process, however often its parts write to a run', async () => {
    for (let epoch = 1; epoch <= 5; epoch++) await logs.record(runId, [update(epoch)]);
    const rows = await dataSource.query<unknown[]>('SELECT FROM run_writer WHERE run_id = $1', [runId]);
    expect(rows).toHaveLength(1);
  });
});
