import { z } from 'zod';
import { qualitySettings } from '../common-settings';

/** Live quality, for models of sequences. */
export const sequenceQualitySettings = {
  ...qualitySettings,
  quality_holdout: z.number().min(0).max(0).default(0).meta({
    title: 'Held-out share',
    description:
      'No rows are held out: windows overlap, and without single rows the sequences would have holes. So copying is not told from learning while a model of sequences trains.',
    is_advanced: true,
  }),
};
