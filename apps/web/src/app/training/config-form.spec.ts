import { aField } from '../testing/builders';
import { checkField, checkSeed, rawDefault } from './config-form';

describe('checkField', () => {
  it('takes numbers within the range', () => {
    expect(checkField(aField(), '250')).toEqual({ ok: true, value: 250 });
    const rate = aField({ name: 'lr', title: 'Learning rate', kind: 'number', minimum: 1e-7, maximum: 1 });
    expect(checkField(rate, '2e-4')).toEqual({ ok: true, value: 0.0002 });
  });

  it.each(['0', '10001', '1.5', '', ' ', 'many', 'Infinity'])('refuses %j and names the range', (raw) => {
    expect(checkField(aField(), raw)).toEqual({ ok: false, message: 'Epochs: a whole number from 1 to 10,000.' });
  });

  it('names a one-sided range, and none where there is none', () => {
    const { maximum: _, ...noMaximum } = aField({ kind: 'number', minimum: 0 });
    expect(checkField(noMaximum, 'x')).toEqual({ ok: false, message: 'Epochs: a number of at least 0.' });
    const { minimum: __, ...free } = noMaximum;
    expect(checkField(free, 'x')).toEqual({ ok: false, message: 'Epochs: a number.' });
  });

  it('reads lists of whole numbers', () => {
    const layers = aField({ title: 'Hidden layers', kind: 'integer_list', default: [256, 128], maximum: 4096 });
    expect(rawDefault(layers)).toBe('256, 128');
    expect(checkField(layers, '[64, 32 16]')).toEqual({ ok: true, value: [64, 32, 16] });
    expect(checkField(layers, '64, 5000')).toEqual({
      ok: false,
      message: 'Hidden layers: whole numbers each from 1 to 4,096, separated by commas.',
    });
    expect(checkField(layers, '')).toMatchObject({ ok: false });
  });

  it('takes any text', () => {
    const target = aField({ title: 'Target column', kind: 'text', default: '' });
    expect(rawDefault(target)).toBe('');
    expect(checkField(target, 'income, yearly')).toEqual({ ok: true, value: 'income, yearly' });
    expect(checkField(target, '')).toEqual({ ok: true, value: '' });
  });

  it('takes ticks and choices', () => {
    expect(checkField(aField({ kind: 'boolean', default: false }), true)).toEqual({ ok: true, value: true });
    const choice = aField({ title: 'Loss', kind: 'choice', choices: ['a', 'b'] });
    expect(checkField(choice, 'b')).toEqual({ ok: true, value: 'b' });
    expect(checkField(choice, 'c')).toEqual({ ok: false, message: 'Loss: one of a, b.' });
  });
});

describe('checkSeed', () => {
  it('takes whole numbers and leaves an empty one to the server', () => {
    expect(checkSeed('42')).toEqual({ ok: true, value: 42 });
    expect(checkSeed(' ')).toEqual({ ok: true, value: undefined });
    expect(checkSeed('-1')).toMatchObject({ ok: false });
    expect(checkSeed('2147483648')).toEqual({
      ok: false,
      message: 'Seed: a whole number from 0 to 2,147,483,647, or empty.',
    });
  });
});
