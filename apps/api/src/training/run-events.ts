import type { LogEntry, NewRunEvent, RunStatus } from '@gan-dashboard/shared-types';

export function statusEvent(status: RunStatus, message: string): NewRunEvent {
  return { type: 'status_update', data: { status, message }, at: new Date() };
}

/** A line in the log of a run that the server itself has to say. */
export function logEvent(level: LogEntry['level'], message: string): NewRunEvent {
  const at = new Date();
  return { type: 'log_entry', data: { message, source: 'training', level, timestamp: at.toISOString() }, at };
}
