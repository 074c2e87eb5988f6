import { aRun } from '../../testing/builders';
import { coverageRows, coverageText, partRows, vanishedValues } from './coverage-rows';
import { paintOf } from './heat-map';
import { boundsOf, qualityLines, scoreText } from './quality-lines';
import { maxMeasurements, measuredOf, mergeQuality } from './quality-points';
import { qualityNote } from './quality-state';
import { aMeasurement } from './testing';

describe('measurements', () => {
  it('stand in the order of steps, and what is measured again takes the place of what was there', () => {
    const again = aMeasurement(2, [1, 0, 0]);
    const merged = mergeQuality([aMeasurement(1), aMeasurement(2)], [aMeasurement(3), again]);
    expect(merged.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(merged[1]).toBe(again);
  });

  it('stay bounded over a run of any length, with the first and the newest kept', () => {
    let merged = mergeQuality([], []);
    for (let epoch = 1; epoch <= 3 * maxMeasurements; epoch++) merged = mergeQuality(merged, [aMeasurement(epoch)]);
    expect(merged.length).toBeLessThanOrEqual(maxMeasurements);
    expect([merged[0]?.epoch, merged.at(-1)?.epoch]).toEqual([1, 3 * maxMeasurements]);
  });

  it('that failed have no scores', () => {
    expect(measuredOf([aMeasurement(1), aMeasurement(2, undefined, { state: 'failed' })])).toHaveLength(1);
  });
});

describe('the curves', () => {
  const measured = [aMeasurement(1), aMeasurement(4)];

  it('have one x axis, that of the losses, and end where the losses end', () => {
    const lines = qualityLines(measured, { axis: 'epoch', end: 6 });
    expect(lines.map(({ label }) => label)).toEqual(['Quality', 'Shapes', 'Floor', 'Ceiling']);
    for (const { x, y } of lines) expect([x, y.length]).toEqual([[1, 4, 6], 3]);
    expect(lines[2]?.y).toEqual([0.7, 0.7, 0.7]);
    expect(qualityLines(measured, { axis: 'step', end: 40 })[0]?.x).toEqual([10, 40]);
    expect(qualityLines([], { axis: 'step', end: 40 })).toEqual([]);
  });

  it('are read between floor and ceiling', () => {
    expect(boundsOf(measured)).toEqual({ floor: 0.7, ceiling: 0.95 });
    expect(scoreText(measured)).toBe('Quality 80.0 %, between shuffled real rows (70.0 %) and real rows (95.0 %).');
    const of = (value: number) =>
      scoreText([aMeasurement(1, undefined, { scores: { overall: { value, floor: 0.7, ceiling: 0.95 } } })]);
    expect(of(0.6)).toContain('still below');
    expect(of(0.97)).toContain('copies rather than');
  });
});

describe('the heat map', () => {
  const measured = [aMeasurement(1), aMeasurement(2, [0.9, 0.1, 0]), aMeasurement(3, [1, 0, 0])];

  it('has a row a column, with what is missing in words', () => {
    expect(coverageRows(measured)).toEqual([
      { key: 'side', label: 'side', values: [1, 2 / 3, 1 / 3], last: '33 %', remark: 'missing: ask, rare' },
      { key: 'price', label: 'price', values: [1, 1, 1], last: '100 %', remark: '' },
    ]);
  });

  it('tells of each value since when it is gone, or that it never came', () => {
    expect(partRows(measured, 'side').map(({ label, remark, last }) => [label, remark, last])).toEqual([
      ['bid', '', '100 % of 60 %'],
      ['ask', 'gone since epoch 3', '0 % of 30 %'],
      ['rare', 'gone since epoch 2', '0 % of 10 %'],
    ]);
    expect(partRows(measured, 'side')[1]?.values).toEqual([1, 0.1 / 0.3, 0]);
    expect(vanishedValues([aMeasurement(5, [1, 0, 0])])).toEqual([
      { column: 'side', value: 'ask', epoch: 5, wasThere: false },
      { column: 'side', value: 'rare', epoch: 5, wasThere: false },
    ]);
  });

  it('is a sentence', () => {
    expect(coverageText(measured)).toBe(
      'At epoch 3, 1 of 2 columns have all of their values. Missing: side “ask” (gone since epoch 3), side “rare” (gone since epoch 2).',
    );
    expect(coverageText([aMeasurement(1)])).toBe('At epoch 1, 2 of 2 columns have all of their values.');
    expect(coverageText([])).toBe('');
  });

  it('is painted with a stop for each measurement', () => {
    expect(paintOf([1, undefined])).toBe(
      'linear-gradient(to right, color-mix(in oklab, var(--heat-full) 100%, var(--heat-none)) 0.00% 50.00%, transparent 50.00% 100.00%)',
    );
  });
});

describe('why there is no quality', () => {
  const on = { quality_every: 1 };
  it.each([
    [aRun({ config: on }), 'Measured first'],
    [aRun({ config: on, status: 'queued' }), 'once the run has begun'],
    [aRun({ config: on, status: 'stopped' }), 'ended before its first epoch'],
    [aRun({ config: { quality_every: 0 } }), 'Quality is off'],
    [aRun({ config: {} }), 'before quality was measured'],
    [aRun({ origin: 'external' }), 'reports no quality'],
  ])('is said (%#)', (run, words) => {
    expect(qualityNote(run, [])).toContain(words);
  });

  it('is said of a failure, and nothing of a success', () => {
    const failed = aMeasurement(3, undefined, { state: 'failed', message: 'no memory' });
    expect(qualityNote(aRun({ config: on }), [aMeasurement(1), failed])).toContain('failed at epoch 3: no memory');
    expect(qualityNote(aRun({ config: on }), [aMeasurement(1)])).toBe('');
  });
});
