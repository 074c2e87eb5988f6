import { qualitySettings } from '../common-settings';

/**
 * Live quality without rows that are held out: windows overlap and sequences would get holes, so that rows cannot be kept
 * from the training one by one.
 */
const { quality_every, quality_budget, early_stopping_patience } = qualitySettings;
export const sequenceQualitySettings = { quality_every, quality_budget, early_stopping_patience };
