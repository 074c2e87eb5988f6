import type { Problem } from '@gan-dashboard/shared-types';

const pushed = ['/training_data', '/progress_data'];
const others = [
  '/api/start_training',
  '/api/stop_training',
  '/api/training_status',
  '/api/preview_csv',
  '/api/upload_csv',
  '/api/generate_sample',
  '/api/models',
];

/** An error in the words of the original dashboard, for its routes; undefined for all others. */
export function compatError(path: string, { detail, title }: Problem): object | undefined {
  const message = detail ?? title;
  if (pushed.includes(path)) return { status: 'error', message };
  return others.includes(path) ? { success: false, error: message, message } : undefined;
}
