import { aField } from '../../testing/builders';
import { presetConfig } from './presets';
import { checkRepeats, seedGroupTag, seedsFrom } from './seeds';
import { readSettings, settingsText } from './settings-file';

describe('presets', () => {
  const epochs = aField({ default: 300, minimum: 1, maximum: 500 });

  it('change the epochs within their range, and the default changes nothing', () => {
    expect(presetConfig([epochs], 'quick')).toEqual({ epochs: 30 });
    expect(presetConfig([epochs], 'default')).toEqual({});
    expect(presetConfig([epochs], 'thorough')).toEqual({ epochs: 500 });
    expect(presetConfig([aField({ default: 3, minimum: 2 })], 'quick')).toEqual({ epochs: 2 });
  });

  it('leave models without epochs alone', () => {
    expect(presetConfig([aField({ name: 'lr' })], 'quick')).toEqual({});
  });
});

describe('seeds', () => {
  it('follow one another and begin again after the largest', () => {
    expect(seedsFrom(42, 3)).toEqual([42, 43, 44]);
    expect(seedsFrom(2_147_483_647, 2)).toEqual([2_147_483_647, 0]);
    expect(seedGroupTag('0123456789abcdef')).toBe('seeds:01234567');
  });

  it.each(['0', '21', '1.5', '', 'x'])('are not repeated %j times', (text) => {
    expect(checkRepeats(text)).toEqual({ ok: false, message: 'Seeds: a whole number from 1 to 20.' });
  });
});

describe('a file of settings', () => {
  const settings = { model: 'ctgan', seed: 7, config: { epochs: 20, critic_layers: [64, 32], dropout: 0.5 } };

  it.each(['yaml', 'json'] as const)('comes back from %s as it went', async (format) => {
    expect(await readSettings(await settingsText(settings, format))).toEqual(settings);
  });

  it('may hold the settings alone', async () => {
    expect(await readSettings('epochs: 12\n')).toEqual({ config: { epochs: 12 } });
  });

  it.each([
    ['just a word', 'holds no settings'],
    ['epochs: [1', 'neither YAML nor JSON'],
    ['seed: often\nconfig: {}', 'seed a whole number'],
  ])('that is %j is refused with the reason', async (text, reason) => {
    await expect(readSettings(text)).rejects.toThrow(reason);
  });
});
