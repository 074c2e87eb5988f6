import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { SSE_ABORT_CONTROLLER } from '@nestjs/common';
import type { EndReason, Sink, SinkListener } from './stream-client';

/**
 * The response of an SSE request, for the one stream that it carries. Its headers are out, and its body is neither
 * chunked nor of a known length, so the bytes go past the response into the socket.
 */
export class ResponseSink implements Sink {
  private readonly target: Writable;

  constructor(
    private readonly response: ServerResponse,
    private readonly endResponse: () => void = () => response.end(),
  ) {
    // Without a socket, the answer to an earlier request of the connection is still to be sent.
    this.target = response.socket ?? response;
  }

  /**
   * Nest is told that the response has ended, and cannot end it: so it lets go of everything that belongs to the
   * request, some 15 KB for each open stream, instead of waiting with it for the end of the stream.
   */
  static takeOver(request: IncomingMessage, response: ServerResponse): ResponseSink {
    const end = response.end.bind(response);
    let source: Readable | undefined;
    response.once('pipe', (nestStream: Readable) => (source = nestStream));
    const letGo = (): ServerResponse => {
      source?.unpipe(response);
      source = undefined;
      // Its abort left an error behind, whose stack keeps every function of the request alive.
      Object.assign(request, { [SSE_ABORT_CONTROLLER]: undefined });
      return response;
    };
    Object.defineProperties(response, { writableEnded: { value: true }, end: { value: letGo } });
    return new ResponseSink(response, () => end());
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
    if (reason === 'server' || reason === 'failed' || reason === 'moved') this.endResponse();
    else this.response.destroy();
  }
}
