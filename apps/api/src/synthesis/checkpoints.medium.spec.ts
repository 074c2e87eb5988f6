import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint, CheckpointFile } from '@gan-dashboard/shared-types';
import { AuditEntryEntity } from '../audit/audit-entry.entity';
import { AuditTrail } from '../audit/audit-trail';
import { readConfig } from '../platform/configuration/app-config';
import { LocalFiles } from '../platform/files/local-files';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { CheckpointEntity } from './checkpoint.entity';
import { CheckpointGate } from './checkpoint-gate';
import { CheckpointRetention } from './checkpoint-retention';
import { CheckpointsRepository } from './checkpoints.repository';
import { CheckpointsService, CheckpointUnusableError } from './checkpoints.service';
import { checkpointFile, writeCheckpoint } from './testing/checkpoint-files';
import { WorkFolders } from './work-folders';

describe('the checkpoints of a run', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let dataDir = '';
  let runId = '';
  let checkpoints: CheckpointsService;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource([CheckpointEntity, AuditEntryEntity]));
  });
  afterAll(() => close());
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gan-dashboard-checkpoints-'));
    runId = await insertRun(dataSource);
    checkpoints = serviceOf();
    return () => rm(dataDir, { recursive: true });
  });

  function serviceOf(changes: { keepLast?: number } = {}): CheckpointsService {
    const config = { ...readConfig({ DATA_DIR: dataDir }), checkpointsKeepLast: changes.keepLast ?? 3 };
    const repository = new CheckpointsRepository(dataSource.getRepository(CheckpointEntity));
    const files = new LocalFiles(dataDir);
    const audit = new AuditTrail(dataSource.getRepository(AuditEntryEntity));
    const retention = new CheckpointRetention(config, repository, files);
    const gate = new CheckpointGate(config, dataSource, audit);
    return new CheckpointsService(repository, retention, new WorkFolders(config), files, audit, gate);
  }
  const written = (
    step: number,
    options: { fence?: number; estimate?: number; reason?: CheckpointFile['reason'] } = {},
  ) => writeCheckpoint(checkpoints.workFolder(runId, options.fence ?? 1), { step, ...options });
  const keep = async (step: number, estimate?: number) =>
    checkpoints.keep(runId, await written(step, estimate === undefined ? {} : { estimate }));
  const present = async () => (await checkpoints.ofRun(runId)).filter(({ removed_at }) => removed_at === null);
  const stepsOf = (list: Checkpoint[]) => list.map(({ step }) => step);

  describe('keeping', () => {
    it('takes a file out of the work folder into the store and the books', async () => {
      const file = await written(40, { estimate: 0.5, reason: 'requested' });
      const kept = await checkpoints.keep(runId, file);
      expect(kept).toMatchObject({
        run_id: runId,
        step: 40,
        sha256: file.sha256,
        size_bytes: file.size_bytes,
        reason: 'requested',
        metrics: { wasserstein_estimate: 0.5 },
        is_pinned: false,
        is_best: true,
        removed_at: null,
      });
      expect(existsSync(file.path)).toBe(false);
      expect(await checkpoints.newest(runId)).toEqual(kept);
      const copy = await checkpoints.localCopy(kept.id);
      expect(await checkpointFile(copy.path, 'requested')).toEqual({ ...file, path: copy.path });
    });

    it('knows the same file again', async () => {
      const first = await keep(40);
      expect(await keep(40)).toEqual(first);
      expect(await checkpoints.ofRun(runId)).toEqual([first]);
    });

    it('refuses what lies elsewhere, is a link, or is not what was reported', async () => {
      const file = await written(40);
      const elsewhere = await writeCheckpoint(join(dataDir, 'work', randomUUID(), '1'), { step: 41 });
      await expect(checkpoints.keep(runId, elsewhere)).rejects.toThrow('outside of its folder');
      const dots = { ...file, path: join(dataDir, 'work', runId, '..', '..', 'secret') };
      await expect(checkpoints.keep(runId, dots)).rejects.toThrow('outside of its folder');
      const link = join(dataDir, 'work', runId, '1', 'link.ckpt');
      await symlink(elsewhere.path, link);
      await expect(checkpoints.keep(runId, { ...file, path: link })).rejects.toThrow('is no file');
      await appendFile(file.path, 'more');
      await expect(checkpoints.keep(runId, file)).rejects.toThrow('is not the file that the trainer reported');
      expect(await checkpoints.ofRun(runId)).toEqual([]);
    });

    it('still reads what an earlier version kept', async () => {
      const folder = join(dataDir, 'runs', runId, 'checkpoints');
      const file = await writeCheckpoint(folder, { step: 7 });
      const id = randomUUID();
      await dataSource.query(
        `INSERT INTO checkpoint (id, created_at, run_id, epoch, step, file_name, size_bytes, sha256)
         VALUES ($1, now(), $2, 0, 7, $3, $4, $5)`,
        [id, runId, file.path.slice(folder.length + 1), file.size_bytes, file.sha256],
      );
      expect((await checkpoints.localCopy(id)).path).toBe(file.path);
    });
  });

  describe('the retention', () => {
    it('leaves the newest, the best and the pinned ones, and says what it removed', async () => {
      const best = await keep(11, 0.1);
      const pinned = await keep(12, 0.9);
      await checkpoints.pin(pinned.id, true, 'ann');
      for (const step of [13, 14, 15, 16]) await keep(step, 1 + step);
      expect(stepsOf(await present())).toEqual([16, 15, 14, 12, 11]);
      const all = await checkpoints.ofRun(runId);
      expect(stepsOf(all)).toEqual([16, 15, 14, 13, 12, 11]);
      expect(all.filter(({ is_best }) => is_best).map(({ id }) => id)).toEqual([best.id]);
      const stored = await readdir(join(dataDir, 'runs', runId, 'checkpoints'));
      expect(stored.sort()).toEqual((await present()).map(({ sha256 }) => `${sha256}.ckpt`).sort());

      const removed = all.find(({ removed_at }) => removed_at !== null);
      expect(removed?.step).toBe(13);
      await expect(checkpoints.localCopy(removed?.id ?? '')).rejects.toThrow(CheckpointUnusableError);
      await expect(checkpoints.file(removed?.id ?? '')).rejects.toMatchObject({ status: 410 });
      await expect(checkpoints.pin(removed?.id ?? '', true, 'ann')).rejects.toMatchObject({ status: 409 });
      await expect(checkpoints.pick(runId, removed?.id)).rejects.toThrow(/step 13 was removed at 2/);
      expect((await checkpoints.pick(runId, undefined)).step).toBe(16);
    });

    it('lets go of one that is no longer pinned', async () => {
      const pinned = await keep(1);
      expect((await checkpoints.pin(pinned.id, true, 'ann')).is_pinned).toBe(true);
      for (const step of [2, 3, 4]) await keep(step);
      expect(stepsOf(await present())).toEqual([4, 3, 2, 1]);
      await checkpoints.pin(pinned.id, false, 'ann');
      expect(stepsOf(await present())).toEqual([4, 3, 2]);
      const acts = await dataSource.getRepository(AuditEntryEntity).find({ where: { runId }, order: { id: 'ASC' } });
      expect(acts.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
        ['ann', 'checkpoint.pin', pinned.id],
        ['ann', 'checkpoint.unpin', pinned.id],
      ]);
    });

    it('moves on to a better one', async () => {
      for (const [index, estimate] of [3, 1, 2, 5, 4].entries()) await keep(10 + index, estimate);
      expect((await present()).find(({ is_best }) => is_best)?.step).toBe(11);
      await keep(19, 0.5);
      expect((await present()).filter(({ is_best }) => is_best).map(({ step }) => step)).toEqual([19]);
      expect(stepsOf(await present())).toEqual([19, 14, 13]);
    });

    it('leaves what something needs, also when that comes while it is at work', async () => {
      const old = await keep(1);
      let isNeeded = true;
      checkpoints.keepWhile((_manager, ids) => Promise.resolve(isNeeded ? ids.filter((id) => id === old.id) : []));
      for (const step of [2, 3, 4, 5]) await keep(step);
      expect(stepsOf(await present())).toEqual([5, 4, 3, 1]);
      isNeeded = false;
      await checkpoints.prune(runId);
      expect(stepsOf(await present())).toEqual([5, 4, 3]);
    });

    it('waits for a transaction that takes a checkpoint up, and refuses one that comes too late', async () => {
      const old = await keep(1);
      for (const step of [2, 3]) await keep(step);
      const needed: string[] = [];
      checkpoints.keepWhile((_manager, ids) => Promise.resolve(ids.filter((id) => needed.includes(id))));
      const { promise: held, resolve: hold } = Promise.withResolvers<void>();
      const { promise: free, resolve: release } = Promise.withResolvers<void>();
      const taking = dataSource.transaction(async (manager) => {
        await checkpoints.hold(manager, old.id);
        hold();
        await free;
        needed.push(old.id);
      });
      await held;
      const keeping = keep(4);
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await expect.poll(() => dataSource.query(waiting)).toHaveLength(1);
      release();
      await Promise.all([taking, keeping]);
      expect(stepsOf(await present())).toEqual([4, 3, 2, 1]);
      needed.length = 0;
      await checkpoints.prune(runId);
      const late = dataSource.transaction((manager) => checkpoints.hold(manager, old.id));
      await expect(late).rejects.toMatchObject({ status: 409 });
    });

    it('keeps everything where it is told to', async () => {
      checkpoints = serviceOf({ keepLast: 0 });
      for (const step of [1, 2, 3, 4, 5]) await keep(step);
      expect(await present()).toHaveLength(5);
    });

    it('brings a removed one back when the same state is trained again', async () => {
      const old = await keep(1);
      for (const step of [2, 3, 4]) await keep(step);
      expect((await checkpoints.ofRun(runId)).find(({ id }) => id === old.id)?.removed_at).not.toBeNull();
      checkpoints = serviceOf({ keepLast: 10 });
      expect(await keep(1)).toMatchObject({ id: old.id, removed_at: null });
      expect(await checkpoints.localCopy(old.id)).toMatchObject({ sha256: old.sha256 });
    });
  });

  describe('a damaged file', () => {
    it('is found out, and the one before it still serves', async () => {
      const [older, newest] = [await keep(1), await keep(2)];
      await writeFile(join(dataDir, 'runs', runId, 'checkpoints', `${newest.sha256}.ckpt`), 'something else');
      await expect(checkpoints.localCopy(newest.id)).rejects.toThrow(/step 2 cannot be used: .* is damaged/);
      expect(await checkpoints.localCopy(older.id)).toMatchObject({ sha256: older.sha256 });
      await keep(2);
      expect(await checkpoints.localCopy(newest.id)).toMatchObject({ sha256: newest.sha256 });
    });

    it('that is gone is said to be gone', async () => {
      const { id, sha256 } = await keep(1);
      await rm(join(dataDir, 'runs', runId, 'checkpoints', `${sha256}.ckpt`));
      await expect(checkpoints.localCopy(id)).rejects.toThrow(/is not in the store/);
    });
  });

  describe('what a dead process left', () => {
    it('is taken over as far as it is undamaged and newer than the books', async () => {
      await keep(10);
      await written(5, { fence: 1 });
      await written(20, { fence: 1, estimate: 0.3 });
      await written(30, { fence: 2 });
      const damaged = await written(40, { fence: 2 });
      await appendFile(damaged.path, '!');
      await writeFile(join(checkpoints.workFolder(runId, 2), 'epoch-50.ckpt.part'), 'half');
      const adopted = await checkpoints.adoptLeftovers(runId);
      expect(stepsOf(adopted)).toEqual([30, 20]);
      expect(adopted[1]).toMatchObject({ run_id: runId, metrics: { wasserstein_estimate: 0.3 } });
      expect((await checkpoints.newest(runId))?.step).toBe(30);
      expect(existsSync(join(dataDir, 'work', runId))).toBe(false);
      expect(await checkpoints.adoptLeftovers(runId)).toEqual([]);
    });

    it('is nothing where there was nothing', async () => {
      expect(await checkpoints.adoptLeftovers(runId)).toEqual([]);
    });
  });

  it('closes a work folder, unless something unrecorded is in it', async () => {
    const folder = checkpoints.workFolder(runId, 1);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'x.part'), 'half');
    await written(3, { fence: 2 });
    await checkpoints.closeWorkFolder(runId, 1);
    await checkpoints.closeWorkFolder(runId, 2);
    expect(existsSync(folder)).toBe(false);
    expect(stepsOf(await checkpoints.adoptLeftovers(runId))).toEqual([3]);
  });
});
