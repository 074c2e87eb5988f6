import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { column, mixedColumns } from '../testing/tables';
import { loadCheckpoint, saveCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { inspectCheckpoint, readCheckpointBody, splitCheckpointBody } from './checkpoint-file';

const checkpoint: Checkpoint = {
  header: {
    model: 'wgan-gp',
    config: { epochs: 3 },
    seed: 42,
    source_name: 'prices.csv',
    columns: mixedColumns,
    row_count: 400,
    transforms: [{ kind: 'id', column: column({ name: 'id', type: 'integer', role: 'id' }) }],
    engine: 'test',
    epoch: 2,
    step: 120,
    metrics: { generator_loss: 0.5, gradient_norm: 'NaN' },
    holdout: { seed: 42, rows: 20 },
    quality: {
      metrics: { quality_overall: 0.8 },
      best: { overall: 0.9, epoch: 1, step: 60 },
      measured_epoch: 2,
      without_improvement: 1,
    },
    epoch_sums: { steps: 3, sums: { generator_loss: 0.1 + 0.2 } },
  },
  state: { 'generator.0': Float32Array.of(1.5, -0.1, Number.MIN_VALUE), 'critic.0': Float32Array.of(7) },
};

describe('checkpoints', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('come back as they were, leaving nothing else behind', async () => {
    const file = await saveCheckpoint(join(folder, 'new', 'one.ckpt'), checkpoint, 'end');
    expect(file).toMatchObject({ epoch: 2, step: 120, size_bytes: (await readFile(file.path)).length });
    expect(await loadCheckpoint(file.path, file.sha256)).toEqual(checkpoint);
    expect(await readdir(join(folder, 'new'))).toEqual(['one.ckpt']);
  });

  it('name the version that wrote them', async () => {
    const file = await saveCheckpoint(join(folder, 'version.ckpt'), checkpoint, 'end');
    const { header } = splitCheckpointBody(await readCheckpointBody(file.path));
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../../../package.json'), 'utf8'));
    expect(header).toMatchObject({ written_by: { trainer: version, node: process.versions.node } });
    // It is for people: what is read leaves it out, so that older files without it are the same.
    expect((await loadCheckpoint(file.path)).header).toEqual(checkpoint.header);
  });

  it('say what they are once their digest was verified', async () => {
    const file = await saveCheckpoint(join(folder, 'three.ckpt'), checkpoint, 'schedule');
    const { reason: _, ...found } = file;
    expect(await inspectCheckpoint(file.path)).toEqual(found);
    const content = await readFile(file.path);
    await writeFile(file.path, content.subarray(0, -1));
    await expect(inspectCheckpoint(file.path)).rejects.toThrow('damaged');
    await writeFile(file.path, 'epoch,loss');
    await expect(inspectCheckpoint(file.path)).rejects.toThrow('does not begin with GANCKPT1');
  });

  it('are refused where a bit was flipped, with or without the expected hash', async () => {
    const file = await saveCheckpoint(join(folder, 'two.ckpt'), checkpoint, 'end');
    const content = await readFile(file.path);
    content[content.length - 40] = (content[content.length - 40] ?? 0) ^ 1;
    await writeFile(file.path, content);
    await expect(loadCheckpoint(file.path, file.sha256)).rejects.toThrow('not the file that was saved');
    await expect(loadCheckpoint(file.path)).rejects.toThrow('damaged');
  });

  it('are refused where they are something else', async () => {
    const path = join(folder, 'text.ckpt');
    await writeFile(path, 'epoch,loss\n1,2\n');
    await expect(loadCheckpoint(path)).rejects.toThrow('does not begin with GANCKPT1');
    await writeFile(path, 'GANCKPT1');
    await expect(loadCheckpoint(path)).rejects.toThrow('damaged');
  });
});
