import { Logger } from '@nestjs/common';
import type {
  AckMessage,
  ControlRequest,
  ErrorMessage,
  Problem,
  SubscribeRequest,
  Subscription,
  UnsubscribeRequest,
} from '@gan-dashboard/shared-types';
import { ProblemException, titleOf } from '../../platform/http/problem';
import type { EventStreamsService } from '../event-streams.service';
import { scopeKey } from '../feed-scope';
import type { FeedScope } from '../feed-scope';
import type { StreamClient } from '../stream-client';
import { MessageRate } from './message-rate';
import { parseJson, parseRequest, requestIdOf } from './parse-request';
import type { RunControl } from './run-control';
import type { SocketUser } from './socket-access';
import type { SocketConnection } from './socket-connection';
import { textFrame } from './text-frame';

const messageRate = { burst: 50, periodMs: 10_000 };
const maxSubscriptions = 32;

export interface SessionServices {
  streams: EventStreamsService;
  runs: RunControl;
  user: SocketUser;
}

/** What one client asks for on its WebSocket: subscriptions, each with its stream, and control of runs. */
export class SocketSession {
  private readonly logger = new Logger(SocketSession.name);
  private readonly subscriptions = new Map<string, StreamClient>();
  private readonly rate = new MessageRate(messageRate, performance.now());
  private handled: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: SocketConnection,
    private readonly services: SessionServices,
  ) {}

  /** Takes a message; messages are carried out one after the other, in the order in which they came. */
  receive(text: string, isBinary: boolean): void {
    if (!this.connection.isOpen) return;
    if (!this.rate.allows(performance.now())) {
      const limit = `${messageRate.burst} messages in ${messageRate.periodMs / 1_000} s`;
      this.answerError(undefined, new ProblemException(429, `More than ${limit}: the connection is closed.`));
      this.connection.close(1008, `more than ${limit}`);
      return;
    }
    this.handled = this.handled.then(() => this.handle(text, isBinary));
  }

  private async handle(text: string, isBinary: boolean): Promise<void> {
    let requestId: string | undefined;
    try {
      if (isBinary) throw new ProblemException(400, 'The message is binary; send JSON as text.');
      const body = parseJson(text);
      requestId = requestIdOf(body);
      const { kind, request } = parseRequest(body);
      if (kind === 'subscribe') await this.subscribe(request);
      else if (kind === 'unsubscribe') this.unsubscribe(request);
      else await this.control(request);
    } catch (error) {
      this.answerError(requestId, error);
    }
  }

  private async subscribe(request: SubscribeRequest): Promise<void> {
    const wanted = { channels: [...new Set(request.subscribe)], runId: request.run };
    const key = scopeKey(wanted);
    if (!this.subscriptions.has(key) && this.subscriptions.size >= maxSubscriptions) {
      throw new ProblemException(429, `A connection carries at most ${maxSubscriptions} subscriptions; end one first.`);
    }
    const scope: FeedScope = { ...wanted, projects: await this.services.user.scopeOf(request.run) };
    await this.services.streams.requireRun(scope);
    if (!this.connection.isOpen) return;
    this.subscriptions.get(key)?.end('unsubscribed');
    // The answer stands before the first event of the subscription.
    this.acknowledge(request.request_id, { subscriptions: [...this.current(), subscriptionOf(scope)] });
    const client = this.services.streams.follow({
      sink: this.connection,
      transport: 'websocket',
      scope,
      cursor: request.last_event_id,
    });
    this.subscriptions.set(key, client);
    client.onEnd(() => {
      if (this.subscriptions.get(key) === client) this.subscriptions.delete(key);
    });
  }

  private unsubscribe({ unsubscribe: wanted, run: runId, request_id }: UnsubscribeRequest): void {
    const ending =
      wanted === true
        ? [...this.subscriptions.values()].filter(({ feed }) => runId === undefined || feed.scope.runId === runId)
        : [this.subscriptions.get(scopeKey({ channels: [...new Set(wanted)], runId }))];
    for (const client of ending) {
      if (!client) {
        const listed = JSON.stringify(this.current());
        throw new ProblemException(
          404,
          `There is no subscription of these channels and this run; there are ${listed}.`,
        );
      }
      client.end('unsubscribed');
    }
    this.acknowledge(request_id, { subscriptions: this.current() });
  }

  private async control({ control, run, request_id }: ControlRequest): Promise<void> {
    const { runs, user } = this.services;
    await user.requireControl(run);
    const { status } = await runs.control(control, run, user.name);
    this.acknowledge(request_id, { control, run, status });
  }

  private current(): Subscription[] {
    return [...this.subscriptions.values()].map(({ feed }) => subscriptionOf(feed.scope));
  }

  private acknowledge(requestId: string | undefined, data: AckMessage['data']): void {
    this.answer({ type: 'ack', ...repeated(requestId), timestamp: new Date().toISOString(), data });
  }

  private answerError(requestId: string | undefined, error: unknown): void {
    const data = this.problemOf(error);
    this.answer({ type: 'error', ...repeated(requestId), timestamp: new Date().toISOString(), data });
  }

  private answer(message: AckMessage | ErrorMessage): void {
    this.connection.write(textFrame(JSON.stringify(message)));
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof ProblemException) return error.getResponse() as Problem;
    this.logger.error(error instanceof Error ? error.stack : String(error));
    const detail = 'The server failed to handle this message; its log says why. Trying again is safe.';
    return { type: 'about:blank', title: titleOf(500), status: 500, detail };
  }
}

function repeated(requestId: string | undefined): { request_id?: string } {
  return requestId === undefined ? {} : { request_id: requestId };
}

function subscriptionOf({ channels, runId }: FeedScope): Subscription {
  return { channels: [...channels], ...(runId === undefined ? {} : { run: runId }) };
}
