import { depthBeside, depthLabels, depthLines, faultsText, midLaws, pathLine, spreadLaws } from './book-lines';
import { aPicture, noFaults } from './testing/book-builders';

describe('lines of an order book', () => {
  it('run from the deepest bid over the best to the deepest ask', () => {
    expect(depthLabels(aPicture())).toEqual(['bid 2', 'bid 1', 'ask 1', 'ask 2']);
    const [median, upper, lower] = depthLines(aPicture());
    expect(median).toMatchObject({ label: 'median size', x: [0, 1, 2, 3], y: [200, 100, 110, 220] });
    expect(upper?.y).toEqual([210, 110, 120, 230]);
    expect(lower?.y).toEqual([190, 90, 100, 210]);
  });

  it('follow mid and spread along the rows', () => {
    expect(pathLine(aPicture(), 'mid')[0]).toMatchObject({ x: [0, 1, 2], y: [99.5, 99.7, 99.6] });
    expect(pathLine(aPicture(), 'spread')[0]?.y).toEqual([1, 2, 1]);
  });

  it('set real beside synthetic', () => {
    const pair = { real: aPicture(), synthetic: aPicture({ spreads: [{ share: 1, ticks: 3 }] }) };
    expect(depthBeside(pair).map(({ label }) => label)).toEqual(['real', 'synthetic']);
    expect(spreadLaws(pair).map(({ x }) => x)).toEqual([[1, 1, 2], [3]]);
    expect(midLaws(pair)[0]).toMatchObject({ x: [0, 50, 100], y: [99.5, 99.6, 99.7] });
    expect(depthBeside({ ...pair, real: null }).map(({ label }) => label)).toEqual(['synthetic']);
  });
});

describe('faultsText', () => {
  it('says what is wrong, and nothing where nothing is', () => {
    expect(faultsText(noFaults, 10)).toBe('');
    expect(faultsText({ ...noFaults, faulty: 1_160, crossed: 1_100, off_tick: 60 }, 4_320)).toBe(
      '1,160 of 4,320 rows are no valid books: 1,100 crossed, 60 off the tick.',
    );
  });
});
