import type { ConfigField } from '@gan-dashboard/shared-types';

export const presetNames = ['quick', 'default', 'thorough'] as const;
export type PresetName = (typeof presetNames)[number];

export const presetTexts: Readonly<Record<PresetName, { label: string; hint: string }>> = {
  quick: {
    label: $localize`Quick look`,
    hint: $localize`A tenth of the epochs: to see that data and settings fit together.`,
  },
  default: { label: $localize`Default`, hint: $localize`The defaults of the model, as its paper has them.` },
  thorough: { label: $localize`Thorough`, hint: $localize`Three times the epochs: for a result to keep.` },
};

const factors: Readonly<Record<PresetName, number>> = { quick: 0.1, default: 1, thorough: 3 };

/** The settings that a preset gives other values than the defaults, within their ranges; the others are defaults. */
export function presetConfig(fields: readonly ConfigField[], preset: PresetName): Record<string, number> {
  const epochs = fields.find(({ name }) => name === 'epochs');
  if (preset === 'default' || typeof epochs?.default !== 'number') return {};
  const wanted = Math.round(epochs.default * factors[preset]);
  return { epochs: Math.min(epochs.maximum ?? Infinity, Math.max(epochs.minimum ?? 1, wanted)) };
}
