import type { EventMessage } from '@gan-dashboard/shared-types';
import type { ConnectionEnvironment, EventSourceLike } from './connection-environment';
import type { FrameParser } from './parse-frame';

/** The server speaks at once on every stream, with a heartbeat where it has no news. */
const firstFrameMs = 5_000;

export interface Heard {
  /** Null for what is no message of the contract. */
  message: EventMessage | null;
  isReplayGap: boolean;
  /** The newest cursor that the stream gave; null before the first. */
  cursor: string | null;
}

export interface StreamListener {
  opened(): void;
  heard(heard: Heard): void;
  /** It is closed: refused, cut, or (`silent`) not a frame came in time. */
  failed(reason: 'silent' | 'refused'): void;
}

/** One EventSource over all channels, from its opening to its first failure. */
export class EventStream {
  private readonly source: EventSourceLike;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    place: { baseUrl: string; cursor: string | null; parser: FrameParser },
    environment: ConnectionEnvironment,
    private readonly listener: StreamListener,
  ) {
    const url = new URL('events', place.baseUrl);
    url.searchParams.set('channels', 'training,progress,logs');
    if (place.cursor !== null) url.searchParams.set('last_event_id', place.cursor);
    this.source = environment.openEventSource(url.href);
    this.source.onopen = () => listener.opened();
    this.source.onmessage = (event: MessageEvent<string>) => this.receive(event, place.parser);
    // The native retry waits a fixed time and gives up on an error status: failing is final here.
    this.source.onerror = () => this.fail('refused');
    this.silenceTimer = setTimeout(() => this.fail('silent'), firstFrameMs);
  }

  close(): void {
    clearTimeout(this.silenceTimer);
    this.source.onopen = this.source.onmessage = this.source.onerror = null;
    this.source.close();
  }

  private receive(event: MessageEvent<string>, parser: FrameParser): void {
    clearTimeout(this.silenceTimer);
    const frame = parser.parse(event.data);
    this.listener.heard({
      message: frame.kind === 'message' ? frame.message : null,
      isReplayGap: frame.kind === 'replay_gap',
      cursor: event.lastEventId === '' ? null : event.lastEventId,
    });
  }

  private fail(reason: 'silent' | 'refused'): void {
    this.close();
    this.listener.failed(reason);
  }
}
