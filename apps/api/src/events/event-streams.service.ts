import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { RunMessage, StreamMessage } from '@gan-dashboard/shared-types';
import { notFound } from '../platform/http/problem';
import { parseCursor } from './event-cursor';
import { EventHub } from './event-hub';
import type { FeedScope } from './feed';
import { idOnlyFrame, streamFrame } from './frame';
import { EventReplay } from './event-replay';
import { RUN_DIRECTORY } from './run-directory';
import type { RunDirectory, RunSnapshot } from './run-directory';
import { StreamClient } from './stream-client';

const heartbeatMs = 15_000;
const slots = 15;

/** Some proxies hold a response back until it has a few kilobytes; a comment of that size gets it going. */
const firstComment = Buffer.from(`: ${' '.repeat(2_048)}\nretry: 2000\n\n`);

export interface OpenStream {
  request: Request;
  response: Response;
  scope: FeedScope;
  /** `Last-Event-ID` header or `last_event_id` of the query; undefined on a first connection. */
  cursor: string | undefined;
}

/** Opens event streams, replays what a client missed, and keeps streams alive until the client or the server leaves. */
@Injectable()
export class EventStreamsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreamsService.name);
  private readonly wheel = Array.from({ length: slots }, () => new Set<StreamClient>());
  private wheelTimer: NodeJS.Timeout | undefined;
  private turn = 0;
  private opened = 0;
  private isClosing = false;

  constructor(
    private readonly hub: EventHub,
    private readonly replay: EventReplay,
    @Inject(RUN_DIRECTORY) private readonly directory: RunDirectory,
  ) {}

  onApplicationBootstrap(): void {
    this.wheelTimer = setInterval(() => this.beat(), heartbeatMs / slots);
    this.wheelTimer.unref();
  }

  /** Ends all streams, so that the HTTP server can close. Clients reconnect elsewhere with their cursor. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    clearInterval(this.wheelTimer);
    for (const slot of this.wheel) for (const client of [...slot]) client.end('server');
  }

  get openStreams(): number {
    return this.wheel.reduce((sum, slot) => sum + slot.size, 0);
  }

  /**
   * Writes headers and a first comment at once, then status or replay, then the live feed.
   *
   * @returns when the stream has ended, by whichever side.
   * @throws ProblemException 404 (before any header) when the run does not exist.
   */
  async open(stream: OpenStream): Promise<void> {
    const { request, response, scope } = stream;
    if (scope.runId !== undefined && !(await this.directory.snapshot(scope.runId))) throw notFound('run', scope.runId);
    writeHead(request, response);
    if (this.isClosing || request.method === 'HEAD') {
      response.end();
      return;
    }
    const feed = this.hub.feedOf(scope);
    const client = new StreamClient(response, feed);
    feed.clients.add(client);
    const slot = this.wheel[this.opened++ % slots];
    slot?.add(client);
    const ended = new Promise<void>((resolve) =>
      client.onEnd(() => {
        feed.clients.delete(client);
        slot?.delete(client);
        this.hub.releaseIfUnused(feed);
        resolve();
      }),
    );
    this.start(client, stream.cursor).catch((error: unknown) => {
      this.logger.warn(`a stream could not be started, its client will reconnect: ${String(error)}`);
      client.end('server');
    });
    await ended;
  }

  private async start(client: StreamClient, cursorText: string | undefined): Promise<void> {
    if (cursorText === undefined) await this.greet(client);
    else await this.replay.resume(client, parseCursor(cursorText));
  }

  /** A first connection is told where things stand, and gets a cursor to come back with. */
  private async greet(client: StreamClient): Promise<void> {
    const { feed } = client;
    const position = feed.head;
    const cursor = this.hub.logCursor;
    const { runId } = feed.scope;
    const runs = runId === undefined ? await this.directory.active() : [await this.directory.snapshot(runId)];
    const sent = new Map<string, number>();
    if (feed.scope.channels.includes('training') && runs.length === 0) client.send(streamFrame(idleMessage()));
    for (const run of runs) {
      if (!run) continue;
      sent.set(run.runId, run.lastSeq);
      const runCursor = runId === undefined ? undefined : `${run.runId}:${run.lastSeq}`;
      if (feed.scope.channels.includes('training')) client.send(streamFrame(statusMessage(run), runCursor));
      else if (runCursor) client.send(idOnlyFrame(runCursor));
    }
    if (runId === undefined && cursor !== undefined) client.send(idOnlyFrame(cursor));
    this.replay.join(client, position, sent);
  }

  /** One turn of the wheel: a fifteenth of all streams gets its heartbeat. */
  private beat(): void {
    const slot = this.wheel[this.turn++ % slots];
    if (!slot || slot.size === 0) return;
    const timestamp = new Date().toISOString();
    const cached = new Map<string | null, Buffer>();
    for (const client of slot) {
      const { runId } = client.feed.scope;
      const lastSeq = runId === undefined ? undefined : this.hub.lastPublished(runId);
      const cursor =
        runId === undefined ? (this.hub.logCursor ?? null) : lastSeq === undefined ? null : `${runId}:${lastSeq}`;
      let bytes = cached.get(cursor);
      if (!bytes) {
        bytes = streamFrame({ type: 'heartbeat', timestamp, data: { server_time: timestamp, last_event_id: cursor } });
        cached.set(cursor, bytes);
      }
      client.beat(bytes);
    }
  }
}

function writeHead(request: Request, response: Response): void {
  if (request.httpVersionMajor === 1) {
    request.socket.setNoDelay(true);
    request.socket.setKeepAlive(true, 30_000);
    request.socket.setTimeout(0);
  }
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.write(firstComment);
}

function idleMessage(): StreamMessage {
  return {
    type: 'status_update',
    timestamp: new Date().toISOString(),
    data: { status: 'idle', message: 'No run is active.' },
  };
}

function statusMessage(run: RunSnapshot): StreamMessage & { run_id: RunMessage['run_id'] } {
  return {
    type: 'status_update',
    run_id: run.runId,
    timestamp: new Date().toISOString(),
    data: { status: run.status, message: run.message },
  };
}
