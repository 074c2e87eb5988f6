import type { Entry } from './entries';
import { found } from './entries';

function entry(label: string, partial: Partial<Entry> = {}): Entry {
  return { id: label, kind: 'Run', label, icon: 'runs', choose: () => undefined, ...partial };
}
const labels = (entries: readonly Entry[], query: string) =>
  found(entries, query).flatMap((group) => group.entries.map(({ label }) => label));

describe('found', () => {
  it('wants every word, in any order, in the label or beside it', () => {
    const runs = [entry('order book, wide', { detail: 'wgan-gp' }), entry('order book, deep', { detail: 'ctgan' })];
    expect(labels(runs, 'ctgan order')).toEqual(['order book, deep']);
    expect(labels(runs, 'order timegan')).toEqual([]);
  });

  it('puts what begins with the query before what contains it', () => {
    const runs = [entry('rebase'), entry('new base'), entry('baseline'), entry('base')];
    expect(labels(runs, 'base')).toEqual(['base', 'baseline', 'new base', 'rebase']);
  });

  it('finds a page by another name for it, after those that are called so', () => {
    const pages = [entry('Workbench', { kind: 'Page', words: 'train' }), entry('train again')];
    expect(found(pages, 'train').map(({ kind }) => kind)).toEqual(['Run', 'Page']);
  });

  it('shows the first of each kind while nothing is typed', () => {
    const runs = Array.from({ length: 20 }, (_, index) => entry(`run ${index}`));
    const groups = found([...runs, entry('Overview', { kind: 'Page' })], ' ');
    expect(groups.map(({ kind, entries }) => [kind, entries.length])).toEqual([
      ['Page', 1],
      ['Run', 7],
    ]);
  });
});
