import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import type { AuditEntry } from '@gan-dashboard/shared-types';
import { createTestDataSource } from '../testing/test-data-source';
import { AuditEntryEntity } from './audit-entry.entity';
import { AuditTrail, serverActor } from './audit-trail';

describe('AuditTrail', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let trail: AuditTrail;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource([AuditEntryEntity]));
    trail = new AuditTrail(dataSource.getRepository(AuditEntryEntity));
  });
  afterAll(() => close());

  it('keeps who did what to which run, newest first, page by page', async () => {
    const [runId, other] = [randomUUID(), randomUUID()];
    await trail.record({ actor: 'ann', action: 'run.create', runId, detail: { model: 'wgan-gp' } });
    await trail.record({ actor: 'bob', action: 'run.stop', runId: other });
    await trail.record({ actor: serverActor, action: 'run.interrupt', runId });
    await trail.record({ actor: 'ann', action: 'checkpoint.pin', runId, subject: 'a checkpoint' });
    const first = await trail.page({ run_id: runId, limit: 2 });
    expect(first.items.map(({ action }) => action)).toEqual(['checkpoint.pin', 'run.interrupt']);
    const second = await trail.page({ run_id: runId, limit: 2, cursor: String(first.next_cursor) });
    expect(second).toMatchObject({
      items: [{ actor: 'ann', action: 'run.create', run_id: runId, subject: null, detail: { model: 'wgan-gp' } }],
      next_cursor: null,
    });
    expect((await trail.page({ limit: 100 })).items).toHaveLength(4);
    await expect(trail.page({ limit: 1, cursor: 'x' })).rejects.toThrow('cursor is "x"');
  });

  it('is read whole for an export, oldest first, or what falls into a time', async () => {
    const all = await Readable.from(trail.between({})).toArray();
    expect(all.map(({ id }: AuditEntry) => id)).toEqual([1, 2, 3, 4]);
    const later = new Date(Date.now() + 3_600_000);
    expect(await Readable.from(trail.between({ from: later })).toArray()).toEqual([]);
    expect(await Readable.from(trail.between({ to: later })).toArray()).toHaveLength(4);
  });

  it('is kept together with the act, or not at all', async () => {
    const runId = randomUUID();
    const undone = dataSource.transaction(async (manager) => {
      await trail.record({ actor: 'ann', action: 'run.delete', runId }, manager);
      throw new Error('the act failed');
    });
    await expect(undone).rejects.toThrow('the act failed');
    expect((await trail.page({ run_id: runId, limit: 1 })).items).toEqual([]);
  });
});
