import { aDataset, aRun } from '../testing/builders';
import { startBlocker, stopBlocker } from './blockers';
import type { StartFacts } from './blockers';

function facts(partial: Partial<StartFacts> = {}): StartFacts {
  return { dataset: aDataset(), areModelsLoaded: true, invalid: [], isStarting: false, ...partial };
}
const excluded = aDataset().columns.map((column) => ({ ...column, role: 'excluded' as const }));

describe('startBlocker', () => {
  it('is empty where training can start', () => {
    expect(startBlocker(facts())).toBe('');
  });

  it.each<[string, Partial<StartFacts>]>([
    ['Choose a data set first.', { dataset: undefined }],
    ['“order book” is still being imported.', { dataset: aDataset({ status: 'importing' }) }],
    [
      '“order book” could not be imported; choose another data set.',
      { dataset: aDataset({ status: 'failed', error: 'no header' }) },
    ],
    ['“order book” has no rows; choose another data set.', { dataset: aDataset({ row_count: 0 }) }],
    [
      'No column of “order book” is learned; give at least one a role other than id or excluded.',
      { dataset: aDataset({ columns: excluded }) },
    ],
    ['The models are not loaded yet.', { areModelsLoaded: false }],
    ['Correct first: Epochs, Seed.', { invalid: ['Epochs', 'Seed'] }],
    ['The run is being started.', { isStarting: true }],
  ])('%s', (expected, partial) => {
    expect(startBlocker(facts(partial))).toBe(expected);
  });
});

describe('stopBlocker', () => {
  it('lets a run be stopped while it is under way', () => {
    expect(stopBlocker(aRun(), false)).toBe('');
    expect(stopBlocker(aRun({ status: 'queued' }), false)).toBe('');
  });

  it('says why not', () => {
    expect(stopBlocker(undefined, false)).toBe('No run is open.');
    expect(stopBlocker(aRun({ status: 'completed' }), false)).toBe('The open run has ended (completed).');
    expect(stopBlocker(aRun({ status: 'stopping' }), false)).toContain('being stopped');
    expect(stopBlocker(aRun(), true)).toContain('being stopped');
  });
});
