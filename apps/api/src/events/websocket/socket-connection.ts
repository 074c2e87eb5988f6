import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { EndReason, Sink, SinkListener } from '../stream-client';

/** What the close frame says, by the reason for which a stream ended; other reasons leave the connection open. */
const closings: Partial<Record<EndReason, { code: number; text: string }>> = {
  slow: { code: 1013, text: 'read too slowly; come back with the last cursor' },
  overrun: { code: 1013, text: 'fell too far behind; come back with the last cursor' },
  moved: { code: 1012, text: 'a run was moved to another project; come back with the last cursor' },
  failed: { code: 1011, text: 'the event log could not be read; come back with the last cursor' },
};

/** Most bytes that may wait for a client that asks much and reads nothing. */
const maxUnsentBytes = 512 * 1024;
/** Looks in a row at a connection with unsent bytes that nothing was heard of. */
const maxSilentLooks = 2;

/**
 * One WebSocket. Prepared frames go to its socket as they are, behind the protocol's own frames; several streams
 * share it and its back-pressure.
 */
export class SocketConnection implements Sink {
  private readonly listeners = new Set<SinkListener>();
  private wasHeard = true;
  private silentLooks = 0;

  constructor(
    private readonly webSocket: WebSocket,
    private readonly socket: Duplex,
  ) {
    socket.on('drain', () => this.onDrain());
    webSocket.on('pong', () => (this.wasHeard = true));
    webSocket.on('message', () => (this.wasHeard = true));
    webSocket.on('close', () => this.endStreams());
    // A frame against the protocol or above the limit: `ws` answers with the right close frame, 'close' follows.
    webSocket.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return this.webSocket.readyState === WebSocket.OPEN;
  }

  get unsentBytes(): number {
    return this.socket.writableLength;
  }

  write(frame: Buffer): boolean {
    // Nothing may follow a close frame.
    if (!this.isOpen) return true;
    if (this.unsentBytes > maxUnsentBytes) {
      this.close(1013, 'reads nothing; come back with the last cursor');
      return true;
    }
    return this.socket.write(frame);
  }

  listen(listener: SinkListener): void {
    this.listeners.add(listener);
  }

  release(listener: SinkListener, reason: EndReason): void {
    this.listeners.delete(listener);
    const closing = closings[reason];
    if (closing) this.close(closing.code, closing.text);
  }

  /** Ends its streams at once, and the connection as soon as the client has answered. */
  close(code: number, text: string): void {
    if (this.isOpen) this.webSocket.close(code, text);
    this.endStreams();
  }

  terminate(): void {
    this.webSocket.terminate();
  }

  /** A heartbeat is left out while the client is behind: what waits already keeps the connection alive. */
  beat(frame: Buffer): void {
    if (this.unsentBytes === 0) this.write(frame);
  }

  /** To be called once a period: a client that is alive answers before `checkPong`. */
  ping(): void {
    this.silentLooks = this.wasHeard ? 0 : this.silentLooks + 1;
    if (this.silentLooks >= maxSilentLooks) {
      this.terminate();
      return;
    }
    this.wasHeard = false;
    if (this.isOpen) this.webSocket.ping();
  }

  /** A ping behind unsent bytes may take its time; one on an idle connection may not. */
  checkPong(): void {
    if (!this.wasHeard && this.unsentBytes === 0) this.terminate();
  }

  private onDrain(): void {
    this.wasHeard = true;
    for (const listener of [...this.listeners]) listener.drained();
    // Each drain lets another stream go first, so that none starves behind a busy one.
    const [first] = this.listeners;
    if (first && this.listeners.delete(first)) this.listeners.add(first);
  }

  private endStreams(): void {
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener.closed();
  }
}
