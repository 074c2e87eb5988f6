import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A line to the server that can be cut, as by a network that goes away. */
export class CuttableProxy {
  private readonly sockets = new Set<Socket>();
  private isDown = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param target address of the dashboard, with a slash at the end */
  static async to(target: string): Promise<CuttableProxy> {
    const { port, hostname, pathname } = new URL(target);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const own = (server.address() as AddressInfo).port;
    const proxy = new CuttableProxy(server, `http://127.0.0.1:${own}${pathname}`);
    server.on('connection', (near) => {
      if (proxy.isDown) near.destroy();
      else proxy.join(near, connect(Number(port), hostname));
    });
    return proxy;
  }

  /** Breaks all connections; new ones are taken at once. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Breaks all connections, and takes none until `restore`. */
  takeDown(): void {
    this.isDown = true;
    this.cut();
  }

  restore(): void {
    this.isDown = false;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      this.sockets.add(from);
      // The other side learns of the end by its own end; what broke the line is of no interest here.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
