import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Request, Response } from 'express';
import { notFound } from '../platform/http/problem';
import { formatRunCursor, parseCursor } from './event-cursor';
import { EventHub } from './event-hub';
import { EventReplay } from './event-replay';
import type { FeedScope, Transport } from './feed-scope';
import { ResponseSink } from './response-sink';
import { RUN_DIRECTORY } from './run-directory';
import type { RunDirectory } from './run-directory';
import { StreamClient } from './stream-client';
import type { ClientLimits, Sink } from './stream-client';
import { heartbeatMessage, idleMessage, statusMessage } from './stream-messages';
import { STREAM_OPTIONS, defaultStreamOptions } from './stream-options';
import type { StreamOptions } from './stream-options';
import { Wheel } from './wheel';

/** Some proxies hold a response back until it has a few kilobytes; a comment of that size gets it going. */
const firstComment = Buffer.from(`: ${' '.repeat(2_048)}\nretry: 2000\n\n`);

export interface OpenStream {
  request: Request;
  response: Response;
  scope: FeedScope;
  /** `Last-Event-ID` header or `last_event_id` of the query; undefined on a first connection. */
  cursor: string | undefined;
}

export interface NewStream {
  sink: Sink;
  transport: Transport;
  scope: FeedScope;
  /** Undefined on a first connection. */
  cursor: string | undefined;
}

/** Opens event streams, replays what a client missed, and keeps streams alive until the client or the server leaves. */
@Injectable()
export class EventStreamsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreamsService.name);
  private readonly heartbeats: Wheel<StreamClient>;
  private readonly limits: ClientLimits;
  private isClosing = false;

  constructor(
    private readonly hub: EventHub,
    private readonly replay: EventReplay,
    @Inject(RUN_DIRECTORY) private readonly directory: RunDirectory,
    @Optional() @Inject(STREAM_OPTIONS) options: StreamOptions = defaultStreamOptions,
  ) {
    this.limits = options.client;
    this.heartbeats = new Wheel({
      periodMs: options.heartbeatMs,
      slots: 15,
      visit: (clients) => this.beat(clients),
    });
  }

  onApplicationBootstrap(): void {
    this.heartbeats.start();
  }

  /** Ends all streams, so that the HTTP server can close. Clients reconnect elsewhere with their cursor. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    this.heartbeats.stop();
    for (const client of this.heartbeats.items()) client.end('server');
  }

  get openStreams(): number {
    return this.heartbeats.size;
  }

  /** Writes headers and a first comment at once, then status or replay, then the live feed until either side ends it. */
  open({ request, response, scope, cursor }: OpenStream): void {
    writeHead(request, response);
    if (this.isClosing || request.method === 'HEAD') {
      response.end();
      return;
    }
    const sink = ResponseSink.takeOver(request, response);
    sink.write(firstComment);
    const client = this.follow({ sink, transport: 'sse', scope, cursor });
    client.onEnd(this.heartbeats.add(client));
  }

  /** @throws ProblemException 404 when the run of a scope does not exist. */
  async requireRun({ runId }: FeedScope): Promise<void> {
    if (runId !== undefined && !(await this.directory.snapshot(runId))) throw notFound('run', runId);
  }

  /** Starts a stream into a sink: status or replay, then the live feed, until either side ends it. */
  follow({ sink, transport, scope, cursor }: NewStream): StreamClient {
    const feed = this.hub.feedOf(scope, transport);
    const client = new StreamClient(sink, feed, this.limits);
    feed.clients.add(client);
    client.onEnd(() => {
      feed.clients.delete(client);
      this.hub.releaseIfUnused(feed);
    });
    this.start(client, cursor).catch((error: unknown) => {
      this.logger.warn(`a stream could not be started, its client will reconnect: ${String(error)}`);
      client.end('failed');
    });
    return client;
  }

  private async start(client: StreamClient, cursorText: string | undefined): Promise<void> {
    if (cursorText === undefined) await this.greet(client);
    else await this.replay.resume(client, parseCursor(cursorText));
    // At once, so that a client can tell a quiet stream from one that a proxy holds back.
    this.beat(new Set([client]));
  }

  /** A first connection is told where things stand, and gets a cursor to come back with. */
  private async greet(client: StreamClient): Promise<void> {
    const { feed } = client;
    const { encoding } = feed;
    const position = feed.head;
    const cursor = this.hub.logCursor;
    const { runId, projects } = feed.scope;
    const runs = runId === undefined ? await this.directory.active(projects) : [await this.directory.snapshot(runId)];
    const sent = new Map<string, number>();
    if (feed.scope.channels.includes('training') && runs.length === 0) client.send(encoding.message(idleMessage()));
    for (const run of runs) {
      if (!run) continue;
      sent.set(run.runId, run.lastSeq);
      const runCursor = runId === undefined ? undefined : formatRunCursor(run.runId, run.lastSeq);
      if (feed.scope.channels.includes('training')) client.send(encoding.message(statusMessage(run), runCursor));
      else if (runCursor) client.send(encoding.cursor(runCursor));
    }
    if (runId === undefined && cursor !== undefined) client.send(encoding.cursor(cursor));
    this.replay.join(client, position, sent);
  }

  /** One turn of the wheel: a fifteenth of all streams gets its heartbeat, equal ones encoded once. */
  private beat(clients: ReadonlySet<StreamClient>): void {
    const timestamp = new Date().toISOString();
    const cached = new Map<string | null, Buffer>();
    for (const client of clients) {
      const { runId } = client.feed.scope;
      const lastSeq = runId === undefined ? undefined : this.hub.lastPublished(runId);
      const logCursor = this.hub.logCursor ?? null;
      const runCursor = runId === undefined || lastSeq === undefined ? null : formatRunCursor(runId, lastSeq);
      const cursor = runId === undefined ? logCursor : runCursor;
      let bytes = cached.get(cursor);
      if (!bytes) {
        bytes = client.feed.encoding.message(heartbeatMessage(timestamp, cursor));
        cached.set(cursor, bytes);
      }
      client.beat(bytes);
    }
  }
}

/**
 * The body ends with the connection instead of being cut into chunks: so a batch is the same bytes for every client,
 * and goes to the sockets as it is.
 */
function writeHead(request: Request, response: Response): void {
  if (request.httpVersionMajor === 1) {
    request.socket.setNoDelay(true);
    request.socket.setKeepAlive(true, 30_000);
    request.socket.setTimeout(0);
  }
  response.removeHeader('Transfer-Encoding');
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    Connection: 'close',
  });
  response.flushHeaders();
}
