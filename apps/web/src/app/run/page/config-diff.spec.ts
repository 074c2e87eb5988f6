import { configRows } from './config-diff';
import { tabOf } from './run-tabs';

describe('the settings beside those of the parent', () => {
  it('puts first what was changed, added or taken away', () => {
    const rows = configRows(
      { epochs: 20, layers: [8, 8], pac: 1, seed: 'a' },
      { epochs: 10, layers: [8, 8], rate: 0.1, seed: 'a' },
    );
    expect(rows).toEqual([
      { name: 'epochs', value: '20', before: '10', difference: 'changed' },
      { name: 'pac', value: '1', before: '', difference: 'added' },
      { name: 'rate', value: '', before: '0.1', difference: 'removed' },
      { name: 'layers', value: '8, 8', before: '8, 8', difference: 'same' },
      { name: 'seed', value: 'a', before: 'a', difference: 'same' },
    ]);
  });

  it('finds no difference where there is no parent', () => {
    expect(configRows({ pac: 1 }, null)).toEqual([{ name: 'pac', value: '1', before: '', difference: 'same' }]);
  });
});

describe('the tab of an address', () => {
  it.each([
    [null, 'charts'],
    ['logs', 'logs'],
    ['nowhere', 'overview'],
  ])('%s is %s', (asked, tab) => expect(tabOf(asked)).toBe(tab));
});
