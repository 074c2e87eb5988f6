import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const lookEveryMs = 100;
/** So long after the end of listening a request may still be on its way over a connection that looks idle. */
const settlingMs = 500;

/**
 * Lets a server that stops listening come to its end without cutting a request off: from the beginning on each answer
 * says that it is the last of its connection; connections without a request in flight are closed half a second after
 * the server has stopped listening, the others as soon as they are answered, and all of them after a grace.
 *
 * Node would close idle connections the moment that it stops listening. A proxy that has just sent a request over one of
 * them cannot know whether it was read: a POST is then answered with 502. And Node leaves out those that have not sent
 * anything yet. Browsers and proxies open such connections in advance, and one of them would hold the server open until
 * its time for the headers is over.
 */
export class ConnectionDrain {
  private readonly sockets = new Set<Socket>();

  /** To be made before the server listens. */
  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /**
   * @param graceMs how long a request may take once the server does not listen any more
   * @returns what ends the closing
   */
  begin(graceMs: number): () => void {
    const { server } = this;
    const closeIdle = server.closeIdleConnections.bind(server);
    // What `close` calls.
    server.closeIdleConnections = () => undefined;
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      response.shouldKeepAlive = false;
    });
    let stoppedAt: number | undefined;
    const look = () => {
      if (server.listening) return;
      stoppedAt ??= performance.now();
      const elapsedMs = performance.now() - stoppedAt;
      if (elapsedMs >= graceMs) server.closeAllConnections();
      if (elapsedMs < settlingMs) return;
      closeIdle();
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
    };
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }
}
