import { Injectable } from '@nestjs/common';
import type { StreamMessage } from '@gan-dashboard/shared-types';
import { formatLogCursor, formatRunCursor, rewound } from './event-cursor';
import type { EventCursor, LogHorizon } from './event-cursor';
import { EventLog } from './event-log';
import type { LogPlace } from './event-log';
import { frameOf } from './frame';
import type { Frame } from './frame';
import type { StreamClient } from './stream-client';

const pageSize = 500;
const noUuid = '00000000-0000-0000-0000-000000000000';

/**
 * Brings a client from its cursor to the live feed without a hole: the feed's position is noted before the last read,
 * so what that does not hold is in the feed from the position on. Repeats of the overlap are left out.
 */
@Injectable()
export class EventReplay {
  constructor(private readonly log: EventLog) {}

  async resume(client: StreamClient, cursor: EventCursor): Promise<void> {
    const { runId } = client.feed.scope;
    if (runId !== undefined) await this.resumeRun(client, runId, cursor);
    else await this.resumeAll(client, cursor);
  }

  /** From here on the client follows the feed from `position`, less what it was sent before (`sent`: seq by run). */
  join(client: StreamClient, position: number, sent: ReadonlyMap<string, number>): void {
    const { feed } = client;
    if (position < feed.tail) {
      client.end('overrun');
      return;
    }
    const missing = feed.framesFrom(position).filter((frame) => frame.seq > (sent.get(frame.runId) ?? 0));
    this.sendPage(client, missing);
    const { runId } = feed.scope;
    const sentThrough = missing.at(-1)?.seq ?? sent.get(runId ?? '');
    client.follow(feed.head, runId === undefined ? undefined : sentThrough);
  }

  /** Events of the database or of the ring; on a stream of one run, the cursor behind them comes along. */
  private sendPage(client: StreamClient, frames: readonly Frame[]): void {
    if (frames.length === 0) return;
    const { encoding } = client.feed;
    const parts = frames.map((frame) => encoding.event(frame));
    const last = frames.at(-1);
    if (last && encoding.needsRunCursor) parts.push(encoding.cursor(formatRunCursor(last.runId, last.seq)));
    client.send(Buffer.concat(parts), frames.length);
  }

  private async resumeRun(client: StreamClient, runId: string, cursor: EventCursor): Promise<void> {
    let after = await this.startOfRun(client, runId, cursor);
    const { channels } = client.feed.scope;
    for (;;) {
      const position = client.feed.head;
      const page = await this.log.readRun(runId, after, { limit: pageSize, channels });
      this.sendPage(client, page.map(frameOf));
      after = page.at(-1)?.seq ?? after;
      await client.whenWritable();
      if (client.isEnded) return;
      if (page.length < pageSize) {
        this.join(client, position, new Map([[runId, after]]));
        return;
      }
    }
  }

  /** @returns the seq to read after; says `replay_gap` where that is not the one that was asked for. */
  private async startOfRun(client: StreamClient, runId: string, cursor: EventCursor): Promise<number> {
    const { firstSeq, lastSeq } = await this.log.extent(runId);
    const asked =
      cursor.kind === 'start' ? 0 : cursor.kind === 'run' && cursor.runId === runId ? cursor.seq : undefined;
    if (asked === undefined || asked > lastSeq) {
      this.sayGap(
        client,
        'unknown_cursor',
        'The cursor is not of this run; the whole log of the run follows.',
        firstSeq,
      );
      return 0;
    }
    if (asked + 1 < firstSeq) {
      this.sayGap(client, 'expired', `Events up to ${firstSeq - 1} are no longer kept.`, firstSeq);
      return firstSeq - 1;
    }
    return asked;
  }

  /**
   * Up to the horizon no event can still come in, so that part is read page by page. What lies above it is read at
   * once, in one snapshot, and after the feed's position was noted: an event is in one of the two.
   */
  private async resumeAll(client: StreamClient, cursor: EventCursor): Promise<void> {
    const { feed } = client;
    const { channels, projects } = feed.scope;
    const start = await this.startOfLog(client, cursor);
    const { horizon } = start;
    const epoch = await this.log.epoch();
    const sent = new Map<string, number>();
    let from: LogPlace = { xid: start.xmin, runId: noUuid, seq: -1 };
    for (;;) {
      const page = await this.log.readAll(from, { below: horizon.xmin, limit: pageSize, channels, projects });
      this.sendPage(client, page.messages.map(frameOf));
      for (const message of page.messages) sent.set(message.run_id, message.seq);
      await client.whenWritable();
      if (client.isEnded) return;
      if (!page.last || page.messages.length < pageSize) break;
      from = page.last;
      client.send(feed.encoding.cursor(formatLogCursor(epoch, { ...horizon, xmin: from.xid })));
    }
    client.send(feed.encoding.cursor(formatLogCursor(epoch, horizon)));
    const position = feed.head;
    const newest = await this.log.readNewest(horizon.xmin, channels, projects);
    this.sendPage(client, newest.map(frameOf));
    for (const message of newest) sent.set(message.run_id, message.seq);
    if (!client.isEnded) this.join(client, position, sent);
  }

  /** @returns where to read from, and up to where the log is complete; says `replay_gap` where events may be missing. */
  private async startOfLog(client: StreamClient, cursor: EventCursor): Promise<{ xmin: bigint; horizon: LogHorizon }> {
    const horizon = await this.log.horizon();
    const isOurs = cursor.kind === 'log' && cursor.epoch === (await this.log.epoch());
    const from = cursor.kind === 'start' ? 0n : isOurs ? rewound(cursor.horizon, horizon).xmin : undefined;
    if (from === undefined || from > horizon.xmin) {
      this.sayGap(client, 'unknown_cursor', 'The cursor is not of this log; the stream goes on from now.', undefined);
      return { xmin: horizon.xmin, horizon };
    }
    if (from < (await this.log.droppedBelow())) {
      this.sayGap(client, 'expired', 'The oldest events are no longer kept; what is kept follows.', undefined);
    }
    return { xmin: from, horizon };
  }

  private sayGap(
    client: StreamClient,
    reason: 'expired' | 'unknown_cursor',
    message: string,
    nextSeq: number | undefined,
  ): void {
    const { runId } = client.feed.scope;
    const gap: StreamMessage & { type: 'replay_gap' } = {
      type: 'replay_gap',
      timestamp: new Date().toISOString(),
      data: nextSeq === undefined ? { reason, message } : { reason, message, next_seq: nextSeq },
    };
    if (runId !== undefined) gap.run_id = runId;
    const cursor = runId === undefined ? undefined : formatRunCursor(runId, Math.max(0, (nextSeq ?? 1) - 1));
    client.send(client.feed.encoding.message(gap, cursor));
  }
}
