import { Injectable, Logger, Optional } from '@nestjs/common';
import { Subject } from 'rxjs';
import { channels } from '@gan-dashboard/shared-types';
import type { Channel, RunMessage } from '@gan-dashboard/shared-types';
import { EventStats } from './event-stats';
import { Feed, defaultFeedLimits } from './feed';
import { scopeKey } from './feed-scope';
import type { FeedScope, Transport } from './feed-scope';
import { frameOf } from './frame';
import { RunProjects } from './run-projects';

/**
 * Fans the events of the log out to the open streams of this process. What is published here is on disk already;
 * it is encoded once, and each client is only a cursor into the feed that it shares with others.
 */
@Injectable()
export class EventHub {
  /** Each channel's events as they become durable, for whoever in this process wants to follow them. */
  readonly channels: Readonly<Record<Channel, Subject<RunMessage>>> = {
    training: new Subject<RunMessage>(),
    progress: new Subject<RunMessage>(),
    logs: new Subject<RunMessage>(),
  };

  readonly stats = new EventStats();

  /** Events could not be published because others before them are missing here: the log has to be read. */
  readonly missed = new Subject<void>();

  private readonly logger = new Logger(EventHub.name);
  private readonly feeds = new Map<string, Feed>();
  /** Newest event of each run that this process has published. */
  private readonly published = new Map<string, number>();
  private cursor: string | undefined;
  private publication = 0;

  constructor(@Optional() private readonly runProjects: RunProjects = new RunProjects()) {
    runProjects.moved.subscribe(({ runId, projectId }) => this.endBeyond(runId, projectId));
  }

  /** The point in the whole log up to which everything was published here. */
  get logCursor(): string | undefined {
    return this.cursor;
  }

  /** The feed of a scope; the first client of a scope creates it, the last one to leave takes it away. */
  feedOf(scope: FeedScope, transport: Transport = 'sse'): Feed {
    const key = feedKey(scope, transport);
    let feed = this.feeds.get(key);
    if (!feed) {
      const wanted = channels.filter((channel) => scope.channels.includes(channel));
      const options = { transport, stats: this.stats };
      feed = new Feed({ ...scope, channels: wanted }, defaultFeedLimits, options);
      this.feeds.set(key, feed);
    }
    return feed;
  }

  openFeeds(): Iterable<Feed> {
    return this.feeds.values();
  }

  releaseIfUnused(feed: Feed): void {
    if (feed.clients.size > 0) return;
    feed.close();
    this.feeds.delete(feedKey(feed.scope, feed.encoding.transport));
  }

  lastPublished(runId: string): number | undefined {
    return this.published.get(runId);
  }

  /** Nothing of the run up to `seq` has to be published here; without effect once something of it was. */
  startAfter(runId: string, seq: number): void {
    if (!this.published.has(runId)) this.published.set(runId, seq);
  }

  /**
   * Publishes events of one run in the order of their `seq`. Events that were published before are left out. Where one
   * between the last published and these is missing, nothing is published: another process or writer wrote it, and the
   * tail, which is told, reads it from the log with what follows. The same goes for a run that nothing is known of.
   */
  publish(messages: readonly RunMessage[]): void {
    this.publication++;
    for (const message of messages) {
      const last = this.published.get(message.run_id) ?? 0;
      if (message.seq <= last) continue;
      if (message.seq > last + 1) {
        this.missed.next();
        return;
      }
      this.published.set(message.run_id, message.seq);
      this.deliver(message);
    }
  }

  /** Says that everything below a point of the log was published: streams of many runs hand it to their clients. */
  advance(cursor: string): void {
    this.stats.tailPolls++;
    this.stats.lastTailPoll = Date.now() / 1_000;
    if (cursor === this.cursor) return;
    this.cursor = cursor;
    for (const feed of this.feeds.values()) if (feed.scope.runId === undefined) feed.appendCursor(cursor);
  }

  /** Streams of a run that has left the projects of their clients end; whoever may still see it comes back. */
  private endBeyond(runId: string, projectId: string): void {
    for (const { scope, clients } of [...this.feeds.values()]) {
      if (scope.runId !== runId || scope.projects === undefined || scope.projects.includes(projectId)) continue;
      for (const client of [...clients]) client.end('moved');
    }
  }

  private deliver(message: RunMessage): void {
    const frame = frameOf(message);
    const project = this.runProjects.of(frame.runId);
    for (const feed of this.feeds.values()) if (feed.carries(frame, project)) feed.append(frame, this.publication);
    try {
      this.channels[frame.channel].next(message);
    } catch (error) {
      // A follower inside the process must not stop the others.
      this.logger.error(error instanceof Error ? error.stack : String(error));
    }
  }
}

/** Streams with equal keys get equal bytes and share one feed. */
function feedKey(scope: FeedScope, transport: Transport): string {
  return `${transport}|${scopeKey(scope)}|${scope.projects?.join(',') ?? '*'}`;
}
