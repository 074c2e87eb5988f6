import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const lookEveryMs = 100;

/**
 * Lets a server that stops listening come to its end: connections without a request in flight are closed, the others as
 * soon as they are answered, and all of them after a grace.
 *
 * Node's `closeIdleConnections` leaves out those that have not sent anything yet. Browsers and proxies open such
 * connections in advance, and one of them would hold the server open until its time for the headers is over.
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
    let deadline: number | undefined;
    const look = () => {
      this.server.closeIdleConnections();
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
      if (this.server.listening) return;
      deadline ??= performance.now() + graceMs;
      if (performance.now() >= deadline) this.server.closeAllConnections();
    };
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }
}
