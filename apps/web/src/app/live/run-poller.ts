import { eventPageSchema, runPageSchema } from '@gan-dashboard/shared-types';
import type { Run, RunMessage } from '@gan-dashboard/shared-types';
import type { ConnectionEnvironment } from './connection-environment';
import type { SequenceTracker } from './sequence-tracker';

const visibleEveryMs = 2_000;
const hiddenEveryMs = 15_000;
const answerWithinMs = 10_000;
const runsRead = 100;
const eventsRead = 1_000;
/** The rest waits for the next poll, so that one busy run does not hold up the others. */
const pagesRead = 5;

export interface PollListener {
  /** New events in order of their run; none where nothing happened. */
  polled(messages: readonly RunMessage[]): void;
  failed(error: unknown): void;
}

/** Asks for what happened where no stream gets through: the runs, and of each that moved on, its new events. */
export class RunPoller {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private polling: Promise<void> | null = null;
  private isStopped = false;
  private isVisible = true;
  /** Of runs that no event was seen of: the place they stood at when polling began. */
  private baseline: Map<string, number> | null = null;

  constructor(
    private readonly source: { baseUrl: string; seen: SequenceTracker },
    private readonly environment: ConnectionEnvironment,
    private readonly listener: PollListener,
  ) {}

  get everyMs(): number {
    return this.isVisible ? visibleEveryMs : hiddenEveryMs;
  }

  start(): void {
    void this.poll();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  setVisible(isVisible: boolean): void {
    if (isVisible === this.isVisible) return;
    this.isVisible = isVisible;
    if (isVisible && !this.isStopped) void this.poll();
  }

  /** Polls now; one poll at a time. Failures go to the listener. */
  poll(): Promise<void> {
    clearTimeout(this.timer);
    this.polling ??= this.pollRuns()
      .catch((error: unknown) => {
        if (!this.isStopped) this.listener.failed(error);
      })
      .finally(() => {
        this.polling = null;
        if (!this.isStopped) this.timer = setTimeout(() => void this.poll(), this.everyMs);
      });
    return this.polling;
  }

  /** A poll that begins now, not one that is under way. */
  async pollAfresh(): Promise<void> {
    await this.polling;
    await this.poll();
  }

  private async pollRuns(): Promise<void> {
    const { items } = runPageSchema.parse(await this.get(`api/v1/runs?limit=${runsRead}`));
    this.baseline ??= new Map(items.map((run) => [run.id, run.last_seq]));
    const moved = items.filter((run) => run.last_seq > this.placeOf(run));
    const messages: RunMessage[] = [];
    for (const run of moved) messages.push(...(await this.newEvents(run)));
    if (!this.isStopped) this.listener.polled(messages);
  }

  private placeOf(run: Pick<Run, 'id'>): number {
    return this.source.seen.seen(run.id) ?? this.baseline?.get(run.id) ?? 0;
  }

  private async newEvents(run: Run): Promise<RunMessage[]> {
    const events: RunMessage[] = [];
    let after: number | null = this.placeOf(run);
    for (let page = 0; page < pagesRead && after !== null; page += 1) {
      const path = `api/v1/runs/${run.id}/events?after=${after}&limit=${eventsRead}`;
      const answer = eventPageSchema.parse(await this.get(path));
      events.push(...answer.items);
      after = answer.items.length === 0 ? null : answer.next_after;
    }
    return events;
  }

  private get(path: string): Promise<unknown> {
    return this.environment.getJson(new URL(path, this.source.baseUrl).href, answerWithinMs);
  }
}
