import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { EndReason, Sink, SinkListener } from './stream-client';

/**
 * The response of an SSE request, for the one stream that it carries. Its headers are out, and its body is neither
 * chunked nor of a known length, so the bytes go past the response into the socket.
 */
export class ResponseSink implements Sink {
  private readonly target: Writable;

  constructor(private readonly response: ServerResponse) {
    // Without a socket, the answer to an earlier request of the connection is still to be sent.
    this.target = response.socket ?? response;
  }

  get unsentBytes(): number {
    return this.target.writableLength;
  }

  write(bytes: Buffer): boolean {
    return this.target.write(bytes);
  }

  listen(listener: SinkListener): void {
    this.target.on('drain', () => listener.drained());
    this.response.once('close', () => listener.closed());
    // A write to a socket that has just gone reports here; 'close' follows and ends the stream.
    this.target.on('error', () => undefined);
  }

  release(_listener: SinkListener, reason: EndReason): void {
    if (reason === 'server' || reason === 'failed') this.response.end();
    else this.response.destroy();
  }
}
