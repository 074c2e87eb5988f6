import type { EventMessage, RunMessage } from '@gan-dashboard/shared-types';
import { backoffMs } from './backoff';
import type { ConnectionEnvironment } from './connection-environment';
import { EventStream } from './event-stream';
import type { Heard } from './event-stream';
import type { ConnectionState } from './live-events';
import type { Connection, ConnectionStart, Health, LiveCommand, LiveReport } from './live-report';
import { FrameParser } from './parse-frame';
import { RunPoller } from './run-poller';
import { SequenceTracker } from './sequence-tracker';

/** The server speaks at least every 15 s (heartbeat); three missed ones mean that the connection is dead. */
const silenceLimitMs = 45_000;
const watchEveryMs = 5_000;
/** A timer that comes this late was suspended: the device slept, or a hidden page is slowed down. */
const sleepMs = 30_000;
/** Longer than a heartbeat and its delay: in a page that is only slowed down, frames still come. */
const quietMs = 20_000;
/** Events that come this soon after the opening and are older than it are a replay. */
const replayMs = 1_000;
const refusalsBeforePolling = 3;
const healthWithinMs = 5_000;
const retryStreamMs = 60_000;
const failedPollsBeforeReconnect = 2;

/**
 * The connection to the server's events: one EventSource over all channels that reconnects and resumes at its cursor;
 * polling where streams don't get through. Knows no page: it runs in a shared worker or in a tab.
 */
export class EventConnection implements Connection {
  private readonly parser = new FrameParser();
  private readonly sequences: SequenceTracker;
  private current: Health = { state: { kind: 'connecting' }, flowingSince: null, lastHeardAt: null, delayMs: null };
  private stream: EventStream | null = null;
  private poller: RunPoller | null = null;
  /** What a stream that is tried while polling brought before the last poll was answered. */
  private held: Heard[] | null = null;
  private cursor: string | null;
  private attempt = 0;
  private refusals = 0;
  private failedPolls = 0;
  private openedAt = 0;
  private aliveAt = 0;
  private watchedAt = 0;
  private isVisible = true;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly from: ConnectionStart,
    private readonly environment: ConnectionEnvironment,
    private readonly report: (report: LiveReport) => void,
  ) {
    this.cursor = from.cursor;
    this.sequences = new SequenceTracker(from.seen);
  }

  get health(): Health {
    return this.current;
  }

  start(): void {
    if (this.watchdog !== undefined) return;
    this.watchedAt = Date.now();
    this.watchdog = setInterval(() => this.watch(), watchEveryMs);
    this.connect();
  }

  stop(): void {
    clearInterval(this.watchdog);
    this.watchdog = undefined;
    this.disconnect();
  }

  obey(command: LiveCommand): void {
    if (this.watchdog === undefined) return;
    switch (command.kind) {
      case 'reconnect':
        return this.reconnectNow();
      case 'recover':
        if (!this.isHealthy()) this.reconnectNow();
        return;
      case 'visibility':
        this.isVisible = command.isVisible;
        this.poller?.setVisible(command.isVisible);
    }
  }

  private isHealthy(): boolean {
    const { kind } = this.current.state;
    return (kind === 'live' || kind === 'polling') && Date.now() - this.aliveAt < silenceLimitMs / 2;
  }

  private reconnectNow(): void {
    this.attempt = Math.max(this.attempt, 1);
    this.enter({ kind: 'reconnecting', attempt: this.attempt, retryAt: null });
    this.connect();
  }

  private connect(): void {
    this.disconnect();
    this.aliveAt = Date.now();
    const stream: EventStream = new EventStream(
      { ...this.from, cursor: this.cursor, parser: this.parser },
      this.environment,
      {
        opened: () => this.opened(),
        heard: (heard) => this.receive(heard),
        failed: (reason) => this.streamFailed(reason),
      },
    );
    this.stream = stream;
  }

  private disconnect(): void {
    clearTimeout(this.retryTimer);
    this.stream?.close();
    this.poller?.stop();
    this.stream = this.poller = this.held = null;
  }

  private opened(): void {
    this.openedAt = this.aliveAt = Date.now();
    this.enter({ kind: 'live' });
  }

  private receive(heard: Heard): void {
    this.aliveAt = Date.now();
    this.attempt = this.refusals = 0;
    this.cursor = heard.cursor ?? this.cursor;
    if (heard.isReplayGap) this.report({ kind: 'replay_gap' });
    if (heard.message) this.deliver(heard.message);
  }

  private deliver(message: EventMessage): void {
    const now = Date.now();
    const sentAt = Date.parse(message.timestamp);
    const isReplay = 'seq' in message && sentAt < this.openedAt && now - this.openedAt < replayMs;
    const delayMs = isReplay ? null : now - sentAt;
    this.current = { ...this.current, lastHeardAt: now, delayMs: delayMs ?? this.current.delayMs };
    // A heartbeat names the server's cursor, which may be ahead of this stream's own: it is not taken.
    const isNews = message.type !== 'heartbeat' && this.sequences.place(message).isNew;
    this.report({ kind: 'heard', at: now, delayMs, cursor: this.cursor, message: isNews ? message : null });
  }

  private streamFailed(reason: 'silent' | 'refused'): void {
    this.stream = null;
    this.attempt += 1;
    this.refusals += 1;
    if (reason === 'refused' && this.refusals < refusalsBeforePolling) return this.waitAndRetry();
    this.enter({ kind: 'reconnecting', attempt: this.attempt, retryAt: null });
    void this.pollIfReachable(reason);
  }

  private waitAndRetry(): void {
    const delay = backoffMs(this.attempt - 1, this.environment.random());
    const retryAt = Date.now() + delay;
    const isOnline = this.environment.isOnline();
    this.enter(isOnline ? { kind: 'reconnecting', attempt: this.attempt, retryAt } : { kind: 'offline', retryAt });
    this.retryTimer = setTimeout(() => this.reconnectNow(), delay);
  }

  /** A server that answers while its stream does not get through: something between blocks streams. */
  private async pollIfReachable(reason: 'silent' | 'refused'): Promise<void> {
    const { attempt } = this;
    const isWaiting = () => this.watchdog !== undefined && !this.stream && !this.poller && this.attempt === attempt;
    try {
      await this.environment.getJson(new URL('healthz', this.from.baseUrl).href, healthWithinMs);
      if (isWaiting()) this.startPolling(reason);
    } catch {
      if (isWaiting()) this.waitAndRetry(); // The server is away: that is what the state says.
    }
  }

  private startPolling(reason: 'silent' | 'refused'): void {
    this.failedPolls = 0;
    const poller = new RunPoller({ baseUrl: this.from.baseUrl, seen: this.sequences }, this.environment, {
      polled: (messages) => this.polled(messages, reason),
      failed: () => this.pollFailed(),
    });
    this.poller = poller;
    this.openedAt = Date.now();
    poller.setVisible(this.isVisible);
    poller.start();
    this.retryTimer = setTimeout(() => this.tryStream(), retryStreamMs);
  }

  private polled(messages: readonly RunMessage[], reason: 'silent' | 'refused'): void {
    const everyMs = this.poller?.everyMs ?? 0;
    this.failedPolls = this.attempt = 0;
    this.aliveAt = Date.now();
    this.enter({ kind: 'polling', everyMs, reason });
    for (const message of messages) this.deliver(message);
    if (messages.length > 0) return;
    this.current = { ...this.current, lastHeardAt: this.aliveAt };
    this.report({ kind: 'heard', at: this.aliveAt, delayMs: null, cursor: this.cursor, message: null });
  }

  private pollFailed(): void {
    this.failedPolls += 1;
    if (this.failedPolls >= failedPollsBeforeReconnect) this.reconnectNow();
  }

  /** Without a cursor, so that the server speaks at once; what lies between is polled before it is used. */
  private tryStream(): void {
    this.held = [];
    this.stream = new EventStream({ ...this.from, cursor: null, parser: this.parser }, this.environment, {
      opened: () => undefined,
      heard: (heard) => void this.hold(heard),
      failed: (reason) => {
        if (!this.poller) return this.streamFailed(reason);
        this.stream = this.held = null;
        this.retryTimer = setTimeout(() => this.tryStream(), retryStreamMs);
      },
    });
  }

  private async hold(heard: Heard): Promise<void> {
    const { poller, stream } = this;
    if (!poller) return this.receive(heard);
    this.held?.push(heard);
    if (this.held?.length !== 1) return;
    await poller.pollAfresh();
    if (this.poller !== poller || this.stream !== stream) return;
    poller.stop();
    const held = this.held ?? [];
    this.poller = this.held = null;
    this.opened();
    for (const one of held) this.receive(one);
  }

  private watch(): void {
    const now = Date.now();
    const hasSlept = now - this.watchedAt > sleepMs;
    this.watchedAt = now;
    const silence = now - this.aliveAt;
    const isDead = silence > silenceLimitMs || (hasSlept && silence > quietMs);
    if (isDead && (this.stream || this.poller)) this.reconnectNow();
  }

  private enter(state: ConnectionState): void {
    const before = this.current;
    const flows = state.kind === 'live' || state.kind === 'polling';
    if (state.kind === 'polling' && before.state.kind === 'polling' && before.state.everyMs === state.everyMs) return;
    const isSame = state.kind === before.state.kind;
    const flowingSince = !flows ? null : isSame ? before.flowingSince : Date.now();
    this.current = { ...before, state, flowingSince };
    this.report({ kind: 'health', health: this.current });
  }
}
