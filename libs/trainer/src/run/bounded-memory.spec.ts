import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine';
import { tensorflowAlone, workerEngines } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { smallConfig } from '../testing/settings';
import { mixedColumns, mixedSelect } from '../testing/tables';
import { trainWhole } from '../testing/training-runs';
import type { WholeRun } from '../testing/training-runs';

const fused = () => Promise.resolve(workerEngines());
const everything = { information_weight: 1, target_column: 'level', critic_steps: 2 };

/** All of a checkpoint but the times that steps took. */
function learned({ checkpoint }: WholeRun) {
  const { step, transforms, holdout } = checkpoint?.header ?? {};
  return { ...{ step, transforms, holdout }, state: checkpoint?.state };
}

/** Every model of rows, on each engine that computes it. */
const models: [string, string, object, () => Promise<Engine>][] = [
  ['ctgan', 'fused', smallCtganConfig(), fused],
  ['ctgan', 'fused, with all its losses', { ...smallCtganConfig(), ...everything }, fused],
  ['ctgan', 'tensorflow.js', { ...smallCtganConfig(), ...everything }, tensorflowAlone],
  ['gan', 'fused', smallGanConfig(), fused],
  ['tvae', 'tensorflow.js', smallTvaeConfig(), fused],
  ['wgan-gp', 'tensorflow.js', smallConfig(), fused],
];

describe.each(models)('%s (%s) on rows that are kept on disk', (model, _engine, config, open) => {
  it('learns bit for bit what it learns in memory, also after a stop and a resume', async () => {
    const given = {
      ...{ model, engine: await open(), columns: mixedColumns, select: mixedSelect },
      config: { ...config },
    };
    const inMemory = await trainWhole({ ...given, rowMemoryBytes: 1_000_000 });
    const onDisk = await trainWhole({ ...given, rowMemoryBytes: 0 });
    expect(inMemory.told.log.join('\n')).not.toContain('read from disk');
    expect(onDisk.told.log.join('\n')).toContain('read from disk');
    expect(onDisk.checkpoint?.header.step).toBeGreaterThan(3);
    expect(learned(onDisk)).toEqual(learned(inMemory));
    expect(onDisk.told.update.map(([{ generator_loss: loss }]) => loss)).toEqual(
      inMemory.told.update.map(([{ generator_loss: loss }]) => loss),
    );

    let time = 0;
    const now = () => (time += 200);
    const stopped = await trainWhole({ ...given, rowMemoryBytes: 0, stopAfter: 3, now });
    expect(stopped.outcome).toBe('stopped');
    const { checkpoint: from } = stopped;
    if (!from) throw new Error('a stopped run leaves a checkpoint');
    const resumed = await trainWhole({ ...given, rowMemoryBytes: 0, from });
    expect(learned(resumed)).toEqual(learned(inMemory));
  });
});
