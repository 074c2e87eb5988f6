import { createServer } from 'node:http';
import { once } from 'node:events';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenOnFreePort } from './listen';

const servers: ReturnType<typeof createServer>[] = [];

function application() {
  const server = createServer();
  servers.push(server);
  const app = { init: () => Promise.resolve(), getHttpServer: () => server };
  return { server, app: app as unknown as NestExpressApplication };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

describe('listenOnFreePort', () => {
  it('takes the next port when one is taken', async () => {
    const first = await listenOnFreePort(application().app, '127.0.0.1', 0);
    const second = await listenOnFreePort(application().app, '127.0.0.1', first);
    expect(second).toBeGreaterThan(first);
  });

  it('lets thousands of connections wait: all streams of another replica may come at once', async () => {
    const { server, app } = application();
    const listen = vi.spyOn(server, 'listen');
    await listenOnFreePort(app, '127.0.0.1', 0);
    expect(listen).toHaveBeenCalledWith(expect.objectContaining({ backlog: 4_096 }));
  });

  it('fails at once where the host is not one of this machine', async () => {
    await expect(listenOnFreePort(application().app, '192.0.2.1', 0)).rejects.toThrow('EADDRNOTAVAIL');
  });
});
