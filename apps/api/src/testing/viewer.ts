import { setTimeout as delay } from 'node:timers/promises';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { SseReader } from './sse-reader';

export interface ViewerOptions {
  /** Any of them is asked. */
  servers: readonly { url: string }[];
  /** Absent: all runs. */
  runId?: string | undefined;
  random: () => number;
  /** Told of each event that the viewer had not seen. */
  onMessage?: (message: RunMessage) => void;
}

/** What a client of the documentation does: keep the cursor, come back with it, drop what it has seen by `seq`. */
export class Viewer {
  readonly last = new Map<string, number>();
  readonly faults: string[] = [];
  received = 0;
  repeated = 0;
  reconnects = -1;
  private cursor = '0';

  constructor(private readonly options: ViewerOptions) {}

  get seen(): number {
    return [...this.last.values()].reduce((sum, seq) => sum + seq, 0);
  }

  async watch(isDone: () => boolean): Promise<void> {
    const { servers, runId, random } = this.options;
    while (!isDone()) {
      this.reconnects++;
      const server = servers[Math.floor(random() * servers.length)];
      const query = runId === undefined ? '' : `?run=${runId}`;
      try {
        const reader = await SseReader.open(`${server?.url}/events${query}`, { 'last-event-id': this.cursor });
        await Promise.race([delay(200 + 1_800 * random()), reader.until(() => isDone())]).catch(() => undefined);
        reader.close();
        this.take(reader);
      } catch {
        // The server is away: the next try goes to any of them.
        await delay(100);
      }
    }
  }

  private take(reader: SseReader): void {
    for (const message of reader.messages) {
      if (message.type === 'replay_gap') this.faults.push(`replay_gap: ${message.data.message}`);
      if ('seq' in message) this.takeOne(message);
    }
    this.cursor = reader.lastEventId ?? this.cursor;
  }

  private takeOne(message: RunMessage): void {
    const { run_id: runId, seq } = message;
    const last = this.last.get(runId) ?? 0;
    this.received++;
    if (seq <= last) this.repeated++;
    else if (seq === last + 1) {
      this.last.set(runId, seq);
      this.options.onMessage?.(message);
    } else this.faults.push(`gap in ${runId}: ${seq} after ${last}`);
  }
}
