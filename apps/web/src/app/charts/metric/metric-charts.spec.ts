import { positionAt, positionsOf, stepAt } from './axis';
import { plainView, queryOf, viewFrom } from './chart-view';
import { chartCsv, chartWords, sameMarks } from './chart-words';
import { drawingOf, outlierBounds } from './drawing';
import { debiasedEma } from './ema';
import type { MetricLine } from './metric-line';
import { frozenAt, newSince, panned, stepsInSight, tailOf, wholeRun, windowFrom, windowText, zoomed } from './window';

const start = Date.parse('2026-11-23T10:00:00.000Z');

function aLine(values: number[], partial: Partial<MetricLine> = {}): MetricLine {
  const step = values.map((_, index) => (index + 1) * 10);
  return {
    label: 'Generator',
    color: 'red',
    step,
    epoch: values.map((_, index) => Math.floor(index / 2) + 1),
    time: step.map((each) => start + each * 1_000),
    value: values,
    low: values,
    high: values,
    ...partial,
  };
}

describe('the moving average', () => {
  it('starts at the first value instead of near zero, and weighs what was before', () => {
    const average = debiasedEma([4, 4, 0], 0.5);
    expect(average[0]).toBeCloseTo(4, 12);
    expect(average[1]).toBeCloseTo(4, 12);
    // (0.5^2 * 4 * 0.5 + 0.5 * 0.5 * 4) / (1 - 0.5^3)
    expect(average[2]).toBeCloseTo(1.5 / 0.875, 12);
  });

  it('leaves values alone without a weight, and stays near the mean at the strongest', () => {
    expect(debiasedEma([1, 2, 3], 0)).toEqual([1, 2, 3]);
    expect(debiasedEma([1, 2, 3], 0.999).at(-1)).toBeCloseTo(2, 2);
  });

  it('goes on behind what is not finite', () => {
    const average = debiasedEma([2, NaN, Infinity, 2], 0.9);
    expect(average.slice(0, 3)).toEqual([2, NaN, Infinity]);
    expect(average[3]).toBeCloseTo(2, 12);
  });
});

describe('the x axis', () => {
  const line = aLine([1, 2, 3, 4]);

  it('counts steps, spread epochs, seconds or moments', () => {
    expect(positionsOf(line, 'step', start)).toEqual([10, 20, 30, 40]);
    expect(positionsOf(line, 'epoch', start)).toEqual([0.5, 1, 1.5, 2]);
    expect(positionsOf(line, 'relative', start)).toEqual([10, 20, 30, 40]);
    expect(positionsOf(line, 'wall', start)[0]).toBe(start + 10_000);
  });

  it('leads from a position to a step and back', () => {
    const positions = positionsOf(line, 'epoch', start);
    expect(stepAt(line, positions, 1.25)).toBe(25);
    expect(positionAt(line, positions, 25)).toBe(1.25);
    expect(stepAt(line, positions, -5)).toBe(10);
    expect(stepAt(line, positions, 99)).toBe(40);
  });
});

describe('what is in sight', () => {
  const extent = { from: 0, to: 1_000 };

  it('follows new points as a whole and as a tail, and never when frozen', () => {
    const frozen = frozenAt({ from: 400, to: 200 }, extent);
    const tail = tailOf(extent);
    const later = { from: 0, to: 2_000 };
    expect(stepsInSight(wholeRun, later)).toEqual(later);
    expect(stepsInSight(tail, later)).toEqual({ from: 1_900, to: 2_000 });
    expect(stepsInSight(frozen, later)).toEqual({ from: 200, to: 400 });
    expect(newSince(frozen, [900, 1_000, 1_010, 1_020])).toBe(2);
    expect(newSince(tail, [1_010])).toBe(0);
  });

  it('zooms about a step and becomes the whole run where that fits', () => {
    const near = zoomed(wholeRun, extent, { factor: 2, center: 500 });
    expect(stepsInSight(near, extent)).toEqual({ from: 250, to: 750 });
    expect(zoomed(near, extent, { factor: 0.25, center: 500 })).toBe(wholeRun);
    const nearest = frozenAt({ from: 5, to: 6 }, extent);
    expect(zoomed(nearest, extent, { factor: 2, center: 5.5 })).toBe(nearest);
  });

  it('pans within the run', () => {
    const frozen = frozenAt({ from: 800, to: 900 }, extent);
    expect(stepsInSight(panned(frozen, extent, 0.5), extent)).toEqual({ from: 850, to: 950 });
    expect(stepsInSight(panned(frozen, extent, 9), extent)).toEqual({ from: 900, to: 1_000 });
    expect(panned(wholeRun, extent, 1)).toBe(wholeRun);
  });

  it.each(['40-90', 'tail-200', null])('is %s in an address', (text) => {
    expect(windowText(windowFrom(text, 1_000))).toBe(text);
  });

  it.each(['90-40', 'x-9', '9', '-1-5'])('is the whole run where an address says %s', (text) => {
    expect(windowFrom(text, 10)).toBe(wholeRun);
  });
});

describe('the view in an address', () => {
  it('comes back as it was, and says nothing of what is plain', () => {
    const view = { axis: 'wall', smoothing: 0.9, isLog: true, cutsOutliers: true, isLinked: false } as const;
    const query = queryOf(view);
    expect(viewFrom(new Map(Object.entries(query)) as unknown as { get(name: string): string | null })).toEqual(view);
    expect(Object.values(queryOf(plainView)).every((value) => value === null)).toBe(true);
  });

  it.each(['2', '-1', 'much'])('does not take a smoothing of %s', (smooth) => {
    expect(viewFrom({ get: (name) => (name === 'smooth' ? smooth : null) }).smoothing).toBe(0);
  });
});

describe('a drawing', () => {
  const facts = { view: plainView, sight: { from: 0, to: 100 }, startedAt: start };

  it('leaves a gap, with its place, where a value is not finite', () => {
    const [line] = drawingOf([aLine([1, NaN, 3, -Infinity])], facts).lines;
    expect(line?.raw.map(({ y }) => y)).toEqual([1, NaN, 3, NaN]);
    expect(line?.gaps).toEqual([20, 40]);
  });

  it('leaves out what a logarithmic axis cannot show', () => {
    const [line] = drawingOf([aLine([1, 0, -1, 4])], { ...facts, view: { ...plainView, isLog: true } }).lines;
    expect(line?.gaps).toEqual([20, 30]);
  });

  it('shows the extremes of a bucket, not its last value alone', () => {
    const line = aLine([5, 5], { low: [1, 5], high: [9, 5] });
    expect(drawingOf([line], facts).lines[0]?.raw.map(({ y }) => y)).toEqual([1, 9, 5, 5]);
  });

  it('holds only what is in sight and one point on each side, with the average of all', () => {
    const view = { ...plainView, smoothing: 0.5 };
    const sight = { from: 30, to: 40 };
    const drawing = drawingOf([aLine([1, 1, 1, 1, 1, 1, 1])], { view, sight, startedAt: start });
    expect(drawing.lines[0]?.raw.map(({ x }) => x)).toEqual([20, 30, 40, 50]);
    expect(drawing.lines[0]?.smooth?.every(({ y }) => Math.abs(y - 1) < 1e-9)).toBe(true);
    expect(drawing.x).toEqual({ min: 30, max: 40 });
  });

  it('cuts outliers only when asked, and counts them', () => {
    const values = [...Array.from({ length: 39 }, (_, index) => index), 1e9];
    const sight = { from: 0, to: 400 };
    expect(drawingOf([aLine(values)], { ...facts, sight }).y).toBeNull();
    const cut = drawingOf([aLine(values)], { ...facts, sight, view: { ...plainView, cutsOutliers: true } });
    expect(cut.y).toEqual({ min: 2, max: 37 });
    expect(cut.cutCount).toBe(4);
    expect(outlierBounds([3, 3, 3])).toBeNull();
  });
});

describe('a chart in words', () => {
  it('says the way of each line, what is missing and what happened', () => {
    const words = chartWords('Losses', [aLine([3, NaN, 1])], {
      sight: { from: 10, to: 30 },
      marks: [{ kind: 'checkpoint', step: 20, label: 'checkpoint' }],
      note: 'run paused at epoch 2',
    });
    expect(words).toBe(
      'Losses, steps 10 to 30. Generator went from 3.000 to 1.000, between 1.000 and 3.000, 1 not finite. ' +
        'Marked: 1 checkpoint. run paused at epoch 2',
    );
  });

  it('is drawn anew for another mark only', () => {
    const mark = { kind: 'pause', step: 20, label: 'paused' } as const;
    expect(sameMarks([mark], [{ ...mark }])).toBe(true);
    expect(sameMarks([mark], [{ ...mark, step: 21 }])).toBe(false);
    expect(sameMarks([mark], [{ ...mark, kind: 'sample' }])).toBe(false);
    expect(sameMarks([mark], [])).toBe(false);
  });

  it('is a table, too', () => {
    const csv = chartCsv([aLine([1.5], { label: 'loss, "G"' })]);
    expect(csv.split('\r\n')).toEqual([
      'metric,step,epoch,time,value,min,max',
      '"loss, ""G""",10,1,2026-11-23T10:00:10.000Z,1.5,1.5,1.5',
      '',
    ]);
  });
});
