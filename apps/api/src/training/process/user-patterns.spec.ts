import { describe, expect, it } from 'vitest';
import { LineReader } from './line-reader';
import { UserPatterns, patternMistake } from './user-patterns';

const nobody = (source: string) => {
  throw new Error(`${source} was stopped`);
};

describe('patterns of a trainer', () => {
  it('give epoch, step, percent and metrics by the names of their groups', () => {
    const patterns = new UserPatterns(
      ['^E(?<epoch>\\d+)/(?<total_epochs>\\d+) G (?<generator_loss>\\S+) D (?<my_metric>\\S+)'],
      nobody,
    );
    const reader = new LineReader({ patterns });
    const at = { isRewritten: false, ms: 0 };
    expect(reader.read('E3/10 G 0.5 D nan', at)).toEqual({
      update: { epoch: 3, total_epochs: 10, step: 3, generator_loss: 0.5, my_metric: 'NaN' },
      progress: { epoch: 3, total_epochs: 10, progress_percent: 30 },
    });
    expect(reader.read('Epoch 4/10 loss: 1', at).update).toEqual({ epoch: 4, total_epochs: 10, step: 4, loss: 1 });
  });

  it('may be all that is read', () => {
    const patterns = new UserPatterns(['(?<percent>\\d+) of 100'], nobody);
    const reader = new LineReader({ patterns, readsOtherLines: false });
    expect(reader.read('Epoch 4/10 loss: 1', { isRewritten: false, ms: 0 })).toEqual({});
    expect(reader.read('20 of 100', { isRewritten: false, ms: 0 }).progress).toEqual({ progress_percent: 20 });
  });

  it('that take too long are stopped, once, and the others go on', () => {
    const stopped: string[] = [];
    // Passes the check of its form: what it repeats does not repeat anything.
    const slow = '^(?<loss>(?:a|aa|b){0,60})$';
    expect(patternMistake(slow)).toBeUndefined();
    const patterns = new UserPatterns([slow, 'z(?<step>\\d+)'], (source) => stopped.push(source));
    const line = `${'a'.repeat(50)}z7`;
    const start = performance.now();
    expect(patterns.read(line)).toEqual({ step: 7, metrics: {} });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(patterns.read(line)).toEqual({ step: 7, metrics: {} });
    expect(stopped).toEqual([slow]);
  });

  it('are not shown a line that is very long', () => {
    expect(new UserPatterns(['(?<step>\\d)'], nobody).read('1'.repeat(2_001))).toBeUndefined();
  });

  it.each([
    ['(?<epoch>\\d+', 'Invalid regular expression'],
    ['\\d+', 'names no group'],
    ['(?<a>(x+)+)', 'forever'],
    ['(?<a>(?:x*|y)*)', 'forever'],
    ['(?<a>x)\\k<a>', 'forever'],
  ])('%s is refused', (source, reason) => expect(patternMistake(source)).toContain(reason));

  it('of more than 1,000 characters are refused', () => {
    expect(patternMistake(`(?<a>${'x'.repeat(1_000)})`)).toContain('1,000');
  });

  it('are fine otherwise', () => {
    expect(patternMistake('^Epoch (?<epoch>\\d+) .*loss[=:] *(?<loss>[-+.\\deE]+)$')).toBeUndefined();
    expect(patternMistake('(?<epoch>\\d+)(?:/(?<total_epochs>\\d+))?')).toBeUndefined();
  });
});
