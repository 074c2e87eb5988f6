import type { NewRunEvent, RunStatus } from '@gan-dashboard/shared-types';

export function statusEvent(status: RunStatus, message: string): NewRunEvent {
  return { type: 'status_update', data: { status, message }, at: new Date() };
}
