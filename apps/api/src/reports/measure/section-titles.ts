import type { QualitySection } from '@gan-dashboard/shared-types';

export const sectionTitles: Record<QualitySection, string> = {
  fidelity: 'Fidelity',
  diagnostic: 'Validity',
  distance: 'Distance of the distributions',
  detection: 'Detection',
  utility: 'Utility',
  privacy: 'Privacy',
  series: 'Sequences',
  order_book: 'Order book',
};
