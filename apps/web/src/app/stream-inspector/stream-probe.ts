import { DestroyRef, InjectionToken, inject, signal } from '@angular/core';
import type { EventSourceLike } from '../live/connection-environment';
import { inspect } from './inspected-message';
import type { InspectedMessage } from './inspected-message';
import { FigureCounter } from './stream-figures';
import { streamUrl, subscription } from './stream-target';
import type { StreamRequest, StreamTarget } from './stream-target';

const figuresEveryMs = 250;

export type ProbeState = 'closed' | 'connecting' | 'open' | 'reconnecting' | 'failed';

export type WebSocketLike = Pick<WebSocket, 'onopen' | 'onmessage' | 'onclose' | 'send' | 'close'>;
export interface StreamOpeners {
  eventSource(url: string): EventSourceLike & Pick<EventSource, 'readyState'>;
  webSocket(url: string): WebSocketLike;
}
export const STREAM_OPENERS = new InjectionToken<StreamOpeners>('opens streams to look at', {
  factory: () => ({ eventSource: (url) => new EventSource(url), webSocket: (url) => new WebSocket(url) }),
});

/** One stream under observation: as the browser's own client sees it, with its own way of reconnecting. */
export class StreamProbe {
  private readonly openers = inject(STREAM_OPENERS);
  private counter = new FigureCounter();
  private close: (() => void) | null = null;
  private openedAt = 0;
  private received = 0;

  readonly state = signal<ProbeState>('closed');
  /** Why it is in that state; empty where that is plain. */
  readonly reason = signal('');
  readonly lastId = signal<string | null>(null);
  readonly figures = signal(this.counter.figures(0));
  /** The address that it is or was connected to. */
  readonly url = signal('');

  /** Must be made in an injection context; ends with it. `take` gets each message. */
  constructor(
    readonly target: StreamTarget,
    private readonly take: (message: InspectedMessage) => void,
    private readonly nextNumber: () => number,
  ) {
    const timer = setInterval(() => {
      if (this.received > 0 || this.figures().perSecond > 0) this.count();
    }, figuresEveryMs);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      this.close?.();
    });
  }

  connect(request: StreamRequest, baseUrl: string): void {
    this.close?.();
    const url = streamUrl(this.target, request, baseUrl);
    this.url.set(url);
    this.lastId.set(request.cursor);
    this.enter('connecting');
    this.openedAt = Date.now();
    this.close =
      this.target.transport === 'sse' ? this.openSse(url) : this.openSocket(url, subscription(this.target, request));
  }

  disconnect(): void {
    this.close?.();
    this.close = null;
    this.enter('closed');
    this.count();
  }

  resetFigures(): void {
    this.counter = new FigureCounter();
    this.count();
  }

  private openSse(url: string): () => void {
    const source = this.openers.eventSource(url);
    source.onopen = () => this.opened();
    source.onmessage = (event: MessageEvent<string>) => {
      if (event.lastEventId !== '') this.lastId.set(event.lastEventId);
      this.receive(event.data);
    };
    source.onerror = () => {
      const isFinal = source.readyState === 2;
      if (isFinal) this.close = null;
      this.enter(
        isFinal ? 'failed' : 'reconnecting',
        isFinal
          ? $localize`The server answered with an error; the browser does not try again.`
          : $localize`The browser tries again by itself.`,
      );
    };
    return () => {
      source.onopen = source.onmessage = source.onerror = null;
      source.close();
    };
  }

  private openSocket(url: string, first: object): () => void {
    const socket = this.openers.webSocket(url);
    socket.onopen = () => {
      this.opened();
      socket.send(JSON.stringify(first));
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.receive(String(event.data));
    socket.onclose = (event) => {
      this.close = null;
      const reason = event.reason === '' ? '' : `: ${event.reason}`;
      this.enter(
        'failed',
        $localize`The connection was closed with code ${event.code}${reason}. A WebSocket does not reconnect by itself.`,
      );
    };
    return () => {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    };
  }

  private opened(): void {
    this.openedAt = Date.now();
    this.enter('open');
  }

  private receive(text: string): void {
    const place = { number: this.nextNumber(), stream: this.target.name, at: Date.now(), openedAt: this.openedAt };
    const message = inspect(text, place);
    if (message.type === 'cursor') this.lastId.set(cursorIn(text) ?? this.lastId());
    this.counter.add(message);
    this.received += 1;
    this.take(message);
  }

  private count(): void {
    this.received = 0;
    this.figures.set(this.counter.figures(Date.now()));
  }

  private enter(state: ProbeState, reason = ''): void {
    this.state.set(state);
    this.reason.set(reason);
  }
}

/** The WebSocket's counterpart of an `id:` line. */
function cursorIn(text: string): string | null {
  const body = JSON.parse(text) as { data?: { last_event_id?: unknown } };
  return typeof body.data?.last_event_id === 'string' ? body.data.last_event_id : null;
}
