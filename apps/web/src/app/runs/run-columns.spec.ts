import { aRun } from '../testing/builders';
import { columnNumber, columnText, configValue, deltaText, runColor } from './run-columns';

const run = aRun({
  id: 'a',
  config: { epochs: 100, 'optimizer.lr': 0.5, optimizer: { name: 'Adam' }, layers: [1, 2] },
  summary: { generator_loss: 1.5, broken: 'NaN' },
  started_at: '2026-01-01T00:00:00.000Z',
  ended_at: '2026-01-01T00:01:00.000Z',
});

describe('columns of runs', () => {
  it.each([
    ['config.epochs', '100'],
    ['config.optimizer.name', 'Adam'],
    ['config.optimizer.lr', '0.5'],
    ['config.layers', '[1,2]'],
    ['config.missing', '–'],
    ['summary.generator_loss', '1.500'],
    ['summary.broken', 'NaN'],
    ['summary.missing', '–'],
    ['duration', '1 min 00 s'],
    ['status', 'running'],
  ])('%s reads %s', (column, text) => {
    expect(columnText(run, column)).toBe(text);
  });

  it('takes no inherited property for a config field', () => {
    expect(configValue({}, 'constructor')).toBeUndefined();
    expect(configValue({}, 'a.toString')).toBeUndefined();
  });

  it('says how far a value is from the baseline, and nothing where that has no sense', () => {
    const baseline = aRun({ id: 'b', config: { epochs: 80 }, summary: { generator_loss: -2 } });
    expect(deltaText(run, baseline, 'config.epochs')).toBe('+25 %');
    expect(deltaText(run, baseline, 'summary.generator_loss')).toBe('+175 %');
    expect(deltaText(aRun({ id: 'c', summary: { generator_loss: -2.01 } }), baseline, 'summary.generator_loss')).toBe(
      '−0.5 %',
    );
    expect(deltaText(baseline, baseline, 'config.epochs')).toBe('');
    expect(deltaText(run, aRun({ id: 'd', config: { epochs: 0 } }), 'config.epochs')).toBe('');
    expect(deltaText(run, baseline, 'epoch')).toBe('');
    expect(columnNumber(run, 'summary.broken')).toBeNaN();
  });

  it('keeps the colour of a run', () => {
    expect(runColor('a')).toBe(runColor('a'));
    expect(runColor('a')).not.toBe(runColor('b'));
  });
});
