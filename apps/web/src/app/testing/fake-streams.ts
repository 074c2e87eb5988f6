import type { ConnectionEnvironment, EventSourceLike } from '../live/connection-environment';

/** An EventSource that says what a test lets it say. */
export class FakeEventSource implements EventSourceLike {
  onopen: EventSourceLike['onopen'] = null;
  onmessage: EventSourceLike['onmessage'] = null;
  onerror: EventSourceLike['onerror'] = null;
  readyState = 0;
  isClosed = false;

  constructor(readonly url: string) {}

  get cursor(): string | null {
    return new URL(this.url).searchParams.get('last_event_id');
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.call(this as unknown as EventSource, new Event('open'));
  }

  fail(readyState = 0): void {
    this.readyState = readyState;
    this.onerror?.call(this as unknown as EventSource, new Event('error'));
  }

  say(message: unknown, lastEventId = ''): void {
    const event = new MessageEvent('message', { data: JSON.stringify(message), lastEventId });
    this.onmessage?.call(this as unknown as EventSource, event);
  }
}

/** What a connection runs in, with answers by path (`healthz`, `api/v1/runs`); others are refused. */
export class FakeEnvironment implements ConnectionEnvironment {
  readonly sources: FakeEventSource[] = [];
  readonly asked: string[] = [];
  readonly answers = new Map<string, unknown>();
  online = true;

  get newest(): FakeEventSource {
    return this.sources.at(-1) as FakeEventSource;
  }

  openEventSource(url: string): FakeEventSource {
    const source = new FakeEventSource(url);
    this.sources.push(source);
    return source;
  }

  getJson(url: string): Promise<unknown> {
    const path = new URL(url).pathname.replace('/gan/', '');
    this.asked.push(path + new URL(url).search);
    return this.answers.has(path) ? Promise.resolve(this.answers.get(path)) : Promise.reject(new Error(`no ${path}`));
  }

  isOnline(): boolean {
    return this.online;
  }

  random(): number {
    return 0.5;
  }
}
