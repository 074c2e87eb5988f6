import type { CursorMessage, StreamMessage } from '@gan-dashboard/shared-types';
import { formatRunCursor } from './event-cursor';
import type { FeedScope, Transport } from './feed-scope';
import type { Frame } from './frame';
import { textFrame } from './websocket/text-frame';

/** How one transport writes the events, messages and cursors of a scope. */
export interface Encoding {
  readonly transport: Transport;
  /** A cursor of the run has to follow each batch of its events: they do not bring it along. */
  readonly needsRunCursor: boolean;
  event(frame: Frame): Buffer;
  /** Moves the client's cursor without a message of a run. */
  cursor(cursor: string): Buffer;
  /** What the stream says of itself; `cursor` where it also sets the client's first cursor. */
  message(message: StreamMessage, cursor?: string): Buffer;
}

export function encodingOf(transport: Transport, scope: FeedScope): Encoding {
  return transport === 'sse' ? sseEncoding(scope) : webSocketEncoding(scope);
}

/** On a stream of one run every frame carries its id; of many runs, the id follows in a frame of its own. */
function sseEncoding({ runId }: FeedScope): Encoding {
  return {
    transport: 'sse',
    needsRunCursor: false,
    event:
      runId === undefined
        ? (frame) => bytesToKeep(`data: ${frame.json}\n\n`)
        : (frame) => bytesToKeep(`id: ${formatRunCursor(frame.runId, frame.seq)}\ndata: ${frame.json}\n\n`),
    // Moves `Last-Event-ID` without dispatching a message.
    cursor: (cursor) => Buffer.from(`id: ${cursor}\n\n`),
    message: (message, cursor) => {
      const id = cursor === undefined ? '' : `id: ${cursor}\n`;
      return Buffer.from(`${id}data: ${JSON.stringify(message)}\n\n`);
    },
  };
}

/**
 * In memory of their own: events stay in the rings of feeds for long, and what `Buffer.from` makes is a part of 8 KB
 * shared with what is soon forgotten, so that an event of 0.5 KB would hold on to some 4.
 */
function bytesToKeep(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** The same JSON in text frames; a WebSocket has no ids, so the cursor is a message. */
function webSocketEncoding({ runId, channels }: FeedScope): Encoding {
  const cursorFrame = (cursor: string): Buffer => {
    const message: CursorMessage = {
      type: 'cursor',
      ...(runId === undefined ? {} : { run_id: runId }),
      timestamp: new Date().toISOString(),
      data: { last_event_id: cursor, channels: [...channels] },
    };
    return textFrame(JSON.stringify(message));
  };
  return {
    transport: 'websocket',
    needsRunCursor: runId !== undefined,
    event: (frame) => textFrame(frame.json),
    cursor: cursorFrame,
    message: (message, cursor) => {
      const bytes = textFrame(JSON.stringify(message));
      return cursor === undefined ? bytes : Buffer.concat([bytes, cursorFrame(cursor)]);
    },
  };
}
