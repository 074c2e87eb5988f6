import { healthAlertSchema, qualityUpdateSchema } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { workerEngines } from '../testing/engines';
import { smallConfig } from '../testing/settings';
import { mixedColumns, mixedSelect } from '../testing/tables';
import { trainWhole } from '../testing/training-runs';
import { Random } from '../random/random';

const engine = workerEngines();
const table = { engine, columns: mixedColumns, select: mixedSelect };
const measured = { quality_every: 1, quality_budget: 100 };

/** The rows of the table that a holdout of 20 leaves, in their order. */
function trainingRows(): string {
  const heldOut = [...Random.of(7, 'holdout').permutation(400).subarray(0, 20)];
  return `SELECT * FROM (${mixedSelect}) WHERE id NOT IN (${heldOut.join(', ')}) ORDER BY id`;
}

function withoutTimes(metrics: Record<string, unknown> = {}) {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.endsWith('_ms')));
}

const models: [string, Record<string, unknown>][] = [
  ['wgan-gp', smallConfig({ ...measured, epochs: 3 })],
  ['ctgan', smallCtganConfig({ ...measured, epochs: 3 })],
  ['gan', smallGanConfig({ ...measured, epochs: 3 })],
  ['tvae', smallTvaeConfig({ ...measured, epochs: 3 })],
];

describe.each(models)('live quality of %s', (model, config) => {
  it('is told for each epoch between floor and ceiling, on the axis of the losses', async () => {
    const { told } = await trainWhole({ ...table, model, config });
    const updates = told.quality.map(([update]) => qualityUpdateSchema.parse(update));
    expect(updates.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
    ]);
    for (const { scores, columns, correlations, memorising, rows, state } of updates) {
      expect(state).toBe('measured');
      const { floor = 1, ceiling = 0, value = -1 } = scores.trends ?? {};
      expect(floor).toBeLessThan(ceiling);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(scores.overall?.ceiling).toBeGreaterThan(0.9);
      expect(columns.map(({ name }) => name)).toEqual(['amount', 'level', 'gain', 'day']);
      expect(columns[1]?.parts.map(({ label }) => label)).toEqual(['low', 'high, very']);
      expect([correlations?.real.length, correlations?.synthetic.length]).toEqual([3, 3]);
      expect(rows).toEqual({ drawn: 190, reference: 190, training: 380, held_out: 20 });
      expect(memorising).toMatchObject({ expected_closer: 0.95, judged_rows: 190 });
    }
    expect(new Set(updates.map(({ scores }) => scores.overall?.floor)).size).toBe(1);
    expect(updates[0]?.is_best).toBe(true);
  });

  it('leaves the training bit by bit as it is without, for the same training rows', async () => {
    const withQuality = await trainWhole({ ...table, model, config });
    const without = await trainWhole({
      ...table,
      select: trainingRows(),
      model,
      config: { ...config, quality_every: 0 },
    });
    expect(withQuality.checkpoint?.state).toEqual(without.checkpoint?.state);
    expect(withQuality.checkpoint?.header.transforms).toEqual(without.checkpoint?.header.transforms);
    expect(without.told.quality).toEqual([]);
    expect(without.checkpoint?.header).toMatchObject({ holdout: null, row_count: 380 });
  });

  it('goes on after a stop and a resume as if nothing had been', async () => {
    const whole = await trainWhole({ ...table, model, config });
    const part = await trainWhole({ ...table, model, config, stopAfter: 6 });
    expect([part.outcome, part.checkpoint?.header.holdout]).toEqual(['stopped', { seed: 7, rows: 20 }]);
    const from = part.checkpoint;
    if (!from) throw new Error('the stopped run left no checkpoint');
    const rest = await trainWhole({ ...table, model, config, from });
    expect(rest.checkpoint?.state).toEqual(whole.checkpoint?.state);
    const header = ({ checkpoint }: typeof whole) => ({
      ...checkpoint?.header,
      metrics: withoutTimes(checkpoint?.header.metrics),
    });
    expect(header(rest)).toEqual(header(whole));
    const scores = ({ told }: typeof whole) => told.quality.map(([{ step, scores: found }]) => [step, found]);
    expect([...scores(part), ...scores(rest)]).toEqual(scores(whole));
  });
});

describe('when it is measured', () => {
  const config = smallCtganConfig({ ...measured, epochs: 12, quality_every: 5 });

  it('is every so many epochs, the first and the last one', async () => {
    const { told } = await trainWhole({ ...table, model: 'ctgan', config });
    expect(told.quality.map(([{ epoch }]) => epoch)).toEqual([1, 6, 11, 12]);
  });

  it('is more rarely where it takes more than its share of the time', async () => {
    let time = 0;
    // Each look at the clock is 40 ms after the last: a measurement is as slow as its few looks, and no step is quicker.
    const given = { ...table, model: 'ctgan', now: () => (time += 40) };
    const often = await trainWhole({ ...given, config: { ...config, epochs: 60, quality_every: 1 } });
    const rarely = await trainWhole({
      ...given,
      config: { ...config, epochs: 60, quality_every: 1, quality_budget: 1 },
    });
    expect(often.told.quality).toHaveLength(60);
    expect(rarely.told.quality.length).toBeGreaterThan(2);
    expect(rarely.told.quality.length).toBeLessThan(20);
    expect(rarely.checkpoint?.state).toEqual(often.checkpoint?.state);
  });

  it('is never where it is off, and small tables hold out no rows', async () => {
    const off = await trainWhole({ ...table, model: 'ctgan', config: { ...config, quality_every: 0 } });
    expect([off.told.quality.length, off.checkpoint?.header.row_count]).toEqual([0, 400]);
    const small = await trainWhole({ ...table, select: `${mixedSelect} LIMIT 150`, model: 'ctgan', config });
    expect(small.checkpoint?.header).toMatchObject({ row_count: 150, holdout: null });
    const update = small.told.quality.at(-1)?.[0];
    expect([update?.state, update?.memorising, update?.rows?.held_out]).toEqual(['measured', undefined, 0]);
  });

  it('says once that it failed, and lets the training go on', async () => {
    const gan = engine.gan.bind(engine);
    const broken: typeof engine = {
      ...engine,
      gan: async (...given) => ({
        ...nameAndModel(await gan(...given)),
        createSampler: () => {
          throw new Error('no memory for a probe');
        },
      }),
    };
    const { outcome, told } = await trainWhole({ ...table, engine: broken, model: 'ctgan', config });
    expect(outcome).toBe('completed');
    expect(told.quality.map(([update]) => update)).toEqual([
      expect.objectContaining({ state: 'failed', message: 'no memory for a probe', epoch: 1, scores: {} }),
    ]);
    expect(told.log.filter(([level]) => level === 'warning')).toHaveLength(1);
  });
});

function nameAndModel(found: Awaited<ReturnType<typeof engine.gan>>) {
  return { name: found.name, createModel: found.createModel.bind(found) };
}

describe('what becomes of a run by its quality', () => {
  it('keeps the best state, written when it may be, before any later one', async () => {
    const { told } = await trainWhole({
      ...table,
      model: 'tvae',
      config: smallTvaeConfig({ ...measured, epochs: 30, checkpoint_every: 7 }),
    });
    const updates = told.quality.map(([update]) => update);
    const best = updates.filter(({ is_best: isBest }) => isBest).at(-1);
    const files = told.checkpoint.map(([file]) => file);
    const steps = files.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    const highest = Math.max(...updates.map(({ scores }) => scores.overall?.value ?? 0));
    expect(best?.scores.overall?.value).toBeCloseTo(highest, 3);
    expect(files.find(({ step }) => step === best?.step)?.metrics['quality_overall']).toBe(best?.scores.overall?.value);
  });

  it('ends early without improvement, completed, with the reason', async () => {
    // Nothing is learned, so nothing improves.
    const still = smallGanConfig({ ...measured, epochs: 40, early_stopping_patience: 4 });
    const config = { ...still, generator_learning_rate: 1e-7, discriminator_learning_rate: 1e-7, generator_average: 0 };
    const { outcome, told, checkpoint } = await trainWhole({ ...table, model: 'gan', config });
    expect(outcome).toBe('completed');
    expect(told.endsEarly[0]?.[0]).toMatch(
      /^Stopped early: the quality was not better than 0\.\d{3} of epoch \d+ in 4/,
    );
    expect(told.update.length).toBeLessThan(40);
    expect(told.checkpoint.at(-1)?.[0].reason).toBe('end');
    expect(checkpoint?.header.quality?.without_improvement).toBe(4);
  });

  it('gives alerts in the form of their event', async () => {
    const { told } = await trainWhole({
      ...table,
      model: 'ctgan',
      config: smallCtganConfig({ ...measured, epochs: 30 }),
    });
    expect(told.health.length).toBeGreaterThan(0);
    for (const [alert] of told.health) expect(healthAlertSchema.parse(alert).rule).not.toBe('');
  });
});
