import type { ServerResponse } from 'node:http';
import type { EndReason, Sink, SinkListener } from './stream-client';

/** The response of an SSE request, for the one stream that it carries. */
export class ResponseSink implements Sink {
  constructor(private readonly response: ServerResponse) {}

  get unsentBytes(): number {
    return this.response.writableLength;
  }

  write(bytes: Buffer): boolean {
    return this.response.write(bytes);
  }

  listen(listener: SinkListener): void {
    this.response.on('drain', () => listener.drained());
    this.response.once('close', () => listener.closed());
    // A write to a socket that has just gone reports here; 'close' follows and ends the stream.
    this.response.on('error', () => undefined);
  }

  release(_listener: SinkListener, reason: EndReason): void {
    if (reason === 'server' || reason === 'failed') this.response.end();
    else this.response.destroy();
  }
}
