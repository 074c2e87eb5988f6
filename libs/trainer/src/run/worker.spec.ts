import { workerMessageSchema } from '@gan-dashboard/shared-types';
import type { WorkerMessage } from '@gan-dashboard/shared-types';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngines } from '../engine/engines';
import { smallConfig } from '../testing/settings';
import { mixedColumns, mixedSelect, writeParquet } from '../testing/tables';
import { runWorker } from './worker';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  await writeParquet(join(folder, 'table.parquet'), mixedSelect);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the worker's main function in this process; `answer` is what the other side says to each message. */
async function talk(answer: (message: WorkerMessage) => unknown) {
  const messages: WorkerMessage[] = [];
  const errors: string[] = [];
  let deliver: (command: unknown) => void = () => undefined;
  const code = await runWorker({
    port: {
      send: async (message) => {
        // As IPC does it: by value, and checked on arrival.
        const arrived = workerMessageSchema.parse(JSON.parse(JSON.stringify(message)));
        messages.push(arrived);
        await setImmediate();
        const command = answer(arrived);
        if (command !== undefined) deliver(command);
      },
      onCommand: (listener) => {
        deliver = listener;
      },
    },
    clock: { now: () => performance.now(), breathe: () => setImmediate() },
    stop: new AbortController(),
    openEngine: (log) => openEngines({ log, clock: performance, cores: 2 }),
    writeError: (text) => errors.push(text),
  });
  return { code, messages, errors, kinds: messages.map(({ kind }) => kind) };
}

const trainTask = (config: object = {}) => ({
  task: 'train',
  run_id: 'e5f0c1f4-8f8e-4a35-9d5c-3f1f8a1c2b3d',
  model: 'wgan-gp',
  config: { ...smallConfig(), ...config },
  seed: 3,
  data: { parquet_path: join(folder, 'table.parquet'), source_name: 'table.csv', columns: mixedColumns },
  checkpoint_folder: join(folder, 'checkpoints'),
});

describe('the worker', () => {
  it('trains, and a second one samples from the checkpoint', async () => {
    const { code, kinds, messages } = await talk(({ kind }) => (kind === 'ready' ? trainTask() : undefined));
    expect(code).toBe(0);
    expect(kinds[0]).toBe('ready');
    expect(kinds.filter((kind) => kind === 'update')).toHaveLength(2);
    expect(kinds.indexOf('started')).toBeLessThan(kinds.indexOf('update'));
    expect(messages.at(-1)).toEqual({ kind: 'finished', outcome: 'completed' });
    const logs = messages.flatMap((message) => (message.kind === 'log' ? message.message : []));
    expect(logs[0]).toMatch(/^Engine: tensorflow\.js/);
    expect(logs).toContain('400 rows, 6 columns, encoded width 7');
    const file = messages.find((message) => message.kind === 'checkpoint');
    const sampled = await talk(({ kind }) =>
      kind === 'ready'
        ? {
            task: 'sample',
            checkpoint_path: file?.data.path,
            checkpoint_sha256: file?.data.sha256,
            rows: 25,
            seed: 5,
            csv_path: join(folder, 'sample.csv'),
          }
        : undefined,
    );
    expect(sampled.messages.slice(-2)).toMatchObject([
      { kind: 'sampled', rows: 25, columns: ['id', 'amount', 'level', 'gain', 'day', 'fixed'] },
      { kind: 'finished', outcome: 'completed' },
    ]);
    expect((await readFile(join(folder, 'sample.csv'), 'utf8')).trimEnd().split('\r\n')).toHaveLength(26);
  });

  it('stops when it is told to', async () => {
    const { code, messages, kinds } = await talk(({ kind }) => {
      if (kind === 'ready') return trainTask({ epochs: 100_000 });
      return kind === 'update' ? { task: 'stop' } : undefined;
    });
    expect(code).toBe(0);
    expect(kinds).toContain('checkpoint');
    expect(messages.at(-1)).toEqual({ kind: 'finished', outcome: 'stopped' });
  });

  it('says what was wrong with a task that it cannot do', async () => {
    const unread = await talk(({ kind }) => (kind === 'ready' ? { task: 'train', rows: 3 } : undefined));
    expect(unread.code).toBe(1);
    expect(unread.messages.at(-1)).toMatchObject({ kind: 'failed' });
    const config = await talk(({ kind }) => (kind === 'ready' ? trainTask({ batch_size: 1 }) : undefined));
    expect(config.messages.at(-1)).toEqual({
      kind: 'failed',
      error: 'batch_size is 1; allowed: a whole number from 4 to 20000.',
    });
    expect(config.errors[0]).toContain('at ');
  });
});
