import type { NewRunEvent, RunStatus } from '@gan-dashboard/shared-types';
import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import { statusEvent } from '../run-events';
import { canMove } from '../run-states';
import type { PostedEvent } from './posted-event';

/** States on the way to others; nobody queues or starts a run from outside. */
const between = ['running', 'paused', 'stopping'] as const satisfies RunStatus[];

/** The states from one to another that the table of states allows, the last included; undefined where there is no way. */
function wayTo(from: RunStatus, to: RunStatus): RunStatus[] | undefined {
  if (canMove(from, to)) return [to];
  const via = between.find((status) => canMove(from, status) && canMove(status, to));
  return via && [via, to];
}

/** An external run while posted events are taken in: what its state allows, and the events that follow. */
export class ExternalState {
  readonly events: NewRunEvent[] = [];
  private readonly wasInterrupted: boolean;

  constructor(
    public status: RunStatus,
    private percent: number,
    private readonly isReplay: boolean,
  ) {
    this.wasInterrupted = status === 'interrupted';
  }

  /** The run was interrupted, and goes on: what ended it does not count any more. */
  get isRevived(): boolean {
    return this.wasInterrupted && !isFinalRunStatus(this.status);
  }

  /** @returns why the event cannot be taken, or undefined */
  take(posted: PostedEvent): string | undefined {
    if (isFinalRunStatus(this.status) && this.status !== 'interrupted') {
      return `the run has ended (${this.status}): make a new run for what follows`;
    }
    if (this.status === 'interrupted' && !this.isReplay) this.move('running', 'The program reports again.');
    if (posted.kind === 'heartbeat') return undefined;
    const { event } = posted;
    switch (event.type) {
      case 'status_update':
        return event.data.status === 'idle'
          ? undefined
          : this.moveAsked(event.data.status, event.data.message, event.at);
      case 'training_complete':
        return this.complete(event);
      case 'progress':
        // Progress never falls within a run.
        this.percent = Math.max(this.percent, event.data.progress_percent);
        this.events.push({ ...event, data: { ...event.data, progress_percent: this.percent } });
        return undefined;
      default:
        this.events.push(event);
        return undefined;
    }
  }

  private moveAsked(status: RunStatus, message: string, at: Date): string | undefined {
    if (status === this.status) return undefined;
    const said = message || (status === 'paused' ? 'The program waits.' : 'The program goes on.');
    return this.move(status, said, at) ? undefined : `data.status: a run that is ${this.status} cannot be ${status}`;
  }

  private complete(event: Extract<NewRunEvent, { type: 'training_complete' }>): string | undefined {
    const { status, message } = event.data;
    const way = this.status === 'interrupted' ? ['running' as const] : [];
    for (const state of way) this.move(state, 'The program reports again.', event.at);
    this.events.push(event);
    return this.move(status, message, event.at)
      ? undefined
      : `data.status: a run that is ${this.status} cannot be ${status}`;
  }

  private move(to: RunStatus, message: string, at = new Date()): boolean {
    const way = wayTo(this.status, to);
    if (!way) return false;
    for (const status of way) this.events.push({ ...statusEvent(status, message), at });
    this.status = to;
    return true;
  }
}
