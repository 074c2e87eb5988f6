import { keyWish } from './shortcuts';
import type { KeyFacts, KeyWish } from './shortcuts';

function facts(partial: Partial<KeyFacts>): KeyFacts {
  return {
    key: 'x',
    hasCommand: false,
    hasAlt: false,
    isElsewhere: false,
    isAfterGo: false,
    hasSingleKeys: true,
    ...partial,
  };
}

describe('keyWish', () => {
  it.each<[string, Partial<KeyFacts>, KeyWish]>([
    ['Ctrl K searches, even while one types', { key: 'k', hasCommand: true, isElsewhere: true }, open('palette')],
    ['/ searches', { key: '/' }, open('palette')],
    ['? shows the keys', { key: '?' }, open('sheet')],
    ['g r goes to the runs', { key: 'r', isAfterGo: true }, { kind: 'go', path: 'runs' }],
    ['r alone does nothing', { key: 'r' }, null],
    ['[ turns the rail', { key: '[' }, { kind: 'rail' }],
    ['a text is left alone', { key: '?', isElsewhere: true }, null],
    ['other commands belong to the browser', { key: 'r', hasCommand: true, isAfterGo: true }, null],
    ['single keys can be switched off', { key: '?', hasSingleKeys: false }, null],
    ['but not the search', { key: 'K', hasCommand: true, hasSingleKeys: false }, open('palette')],
  ])('%s', (_, partial, wish) => {
    expect(keyWish(facts(partial))).toEqual(wish);
  });
});

function open(overlay: 'palette' | 'sheet'): KeyWish {
  return { kind: 'open', overlay };
}
