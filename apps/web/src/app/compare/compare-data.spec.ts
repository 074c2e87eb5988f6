import { aRun } from '../testing/builders';
import { comparedBySeed, configDiff, numericColumns, passes, placeOnAxis, seedGroups } from './compare-data';

const run = (id: string, lr: number, seed: number, loss: number) =>
  aRun({ id, seed, config: { lr, epochs: 10, name: 'x' }, summary: { loss } });
const runs = [
  run('a', 1, 1, 5),
  run('b', 1, 2, 6),
  run('c', 1, 3, 7),
  run('d', 2, 1, 4),
  run('e', 2, 2, 4),
  run('f', 2, 3, 4),
];

describe('comparing runs', () => {
  it('tells the fields that differ', () => {
    const differing = configDiff(runs).filter(({ isDifferent }) => isDifferent);
    expect(differing.map(({ field }) => field)).toEqual(['seed', 'config.lr']);
    expect(differing[1]?.values).toEqual(['1', '1', '1', '2', '2', '2']);
  });

  it('knows what can be drawn on an axis', () => {
    expect(numericColumns(runs)).toEqual({ config: ['config.epochs', 'config.lr'], metrics: ['summary.loss'] });
  });

  it('pairs groups of settings by seed', () => {
    const [first, second] = seedGroups(runs);
    expect([first?.label, second?.label]).toEqual(['lr 1', 'lr 2']);
    if (!first || !second) throw new Error('there are two groups');
    // Differences −1, −2, −3.
    expect(comparedBySeed(first, second, 'summary.loss')).toMatchObject({
      pairs: 3,
      mean: -2,
      sd: 1,
      permutationP: 0.25,
    });
    expect(comparedBySeed(first, { ...second, runs: second.runs.slice(0, 1) }, 'summary.loss')).toBeNull();
  });

  it('lets through what lies within every brush', () => {
    expect(placeOnAxis(3, [3, 3])).toBe(0.5);
    const brushes = new Map([
      ['config.lr', [0, 0.4] as const],
      ['summary.loss', [0.5, 1] as const],
    ]);
    expect(runs.filter((one) => passes(one, runs, brushes)).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(passes(aRun({ id: 'g' }), runs, brushes)).toBe(false);
    expect(passes(aRun({ id: 'g' }), runs, new Map())).toBe(true);
  });
});
