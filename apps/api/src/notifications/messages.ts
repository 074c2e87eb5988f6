import type { NotificationEvent, NotificationMessage, Run, RunMessage } from '@gan-dashboard/shared-types';

/** What an event of a run is to those who want to be told; undefined: nothing. */
export function notificationEventOf(message: RunMessage): NotificationEvent | undefined {
  if (message.type === 'health_alert') return message.data.severity === 'ok' ? undefined : 'alert';
  if (message.type !== 'training_complete') return undefined;
  const { status } = message.data;
  return status === 'completed' || status === 'failed' ? status : undefined;
}

const outcomes: Record<NotificationEvent, string> = {
  completed: 'is completed',
  failed: 'has failed',
  alert: 'needs a look',
};

export interface Told {
  readonly id: string;
  readonly event: NotificationEvent;
  readonly run: Run;
  /** Why, where there is more to say than the event. */
  readonly reason: string;
  readonly occurredAt: string;
  readonly publicUrl: string | undefined;
}

export function messageOf({ id, event, run, reason, occurredAt, publicUrl }: Told): NotificationMessage {
  return {
    id,
    event,
    text: `The run ${run.name} (${run.model}) ${outcomes[event]}${reason === '' ? '.' : `: ${reason}`}`,
    occurred_at: occurredAt,
    run: { id: run.id, name: run.name, model: run.model, status: run.status },
    url: publicUrl === undefined ? null : `${publicUrl}/runs/${run.id}`,
  };
}

export function testMessage(id: string, at: Date): NotificationMessage {
  const text = 'This is a test: messages of GAN Dashboard arrive here.';
  return { id, event: 'test', text, occurred_at: at.toISOString(), run: null, url: null };
}
