import { describe, expect, it } from 'vitest';
import { configFieldSchema } from './models';

const field = {
  name: 'epochs',
  title: 'Epochs',
  description: 'Passes over the data.',
  kind: 'integer',
  default: 100,
  is_advanced: false,
};

describe('configFieldSchema', () => {
  it.each([100, 1e-4, true, 'adam', [256, 256]])('takes a default of %j', (value) => {
    expect(configFieldSchema.parse({ ...field, default: value })).toHaveProperty('default', value);
  });

  it.each([{ default: undefined }, { kind: 'date' }, { is_advanced: undefined }, { default: ['a'] }])(
    'refuses %j',
    (change) => expect(configFieldSchema.safeParse({ ...field, ...change }).success).toBe(false),
  );
});
