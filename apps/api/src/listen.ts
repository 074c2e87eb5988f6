import { once } from 'node:events';
import type { NestExpressApplication } from '@nestjs/platform-express';

const portsToTry = 100;
/**
 * Connections that wait to be accepted; the system may allow fewer (Linux: `net.core.somaxconn`). With the 511 of Node,
 * the streams of another replica that ends overflow it: a proxy then waits in vain and answers 502, after which an
 * EventSource does not come back.
 */
const backlog = 4_096;

/**
 * Listens on the first free port from `port` on (0: any).
 *
 * @returns the port that was taken.
 * @throws Error when none of the next 100 ports is free, or the host cannot be listened on.
 */
export async function listenOnFreePort(app: NestExpressApplication, host: string, port: number): Promise<number> {
  await app.init();
  const server = app.getHttpServer();
  const last = port === 0 ? 0 : Math.min(65_535, port + portsToTry - 1);
  for (let candidate = port; candidate <= last; candidate++) {
    try {
      server.listen({ port: candidate, host, backlog });
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the server has no port');
      return address.port;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken) throw error;
    }
  }
  throw new Error(`no port from ${port} to ${last} is free on ${host}; set PORT to another first port`);
}
