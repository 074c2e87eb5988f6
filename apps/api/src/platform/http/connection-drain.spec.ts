import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionDrain } from './connection-drain';

describe('the end of a server with open connections', () => {
  let server: Server;
  let drain: ConnectionDrain;
  let answer: () => void;
  let stop: () => void = () => undefined;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/slow') answer = () => response.end('done');
      else response.end('at once');
    });
    drain = new ConnectionDrain(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    stop();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function open(path?: string): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    const accepted = once(server, 'connection');
    await Promise.all([once(socket, 'connect'), accepted]);
    if (path === undefined) return socket;
    const asked = once(server, 'request');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
    await asked;
    return socket;
  }

  const closed = () => new Promise<void>((resolve) => server.close(() => resolve()));

  it('does not wait for connections that never sent a request, nor for idle ones', async () => {
    await open();
    const kept = await open('/');
    await once(kept, 'data');
    const end = closed();
    stop = drain.begin(60_000);
    await end;
    expect(server.listening).toBe(false);
  });

  it('answers what comes over an idle connection at the last moment, and says that it is the last', async () => {
    const kept = await open('/');
    kept.setEncoding('utf8');
    await once(kept, 'data');
    stop = drain.begin(60_000);
    const end = closed();
    kept.write('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n');
    const [text] = (await once(kept, 'data')) as [string];
    expect(text).toContain('200 OK');
    expect(text).toMatch(/connection: close/i);
    await Promise.all([once(kept, 'close'), end]);
  });

  it('takes new connections as long as it listens', async () => {
    stop = drain.begin(0);
    const fresh = await open();
    fresh.setEncoding('utf8');
    fresh.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
    const [text] = (await once(fresh, 'data')) as [string];
    expect(text).toContain('at once');
  });

  it('lets a request be answered', async () => {
    const [socket, unused] = [await open('/slow'), await open()];
    socket.setEncoding('utf8');
    const end = closed();
    stop = drain.begin(60_000);
    // Its end shows that the drain has looked.
    await once(unused, 'close');
    answer();
    const [text] = (await once(socket, 'data')) as [string];
    expect(text).toContain('done');
    await end;
  });

  it('cuts a request off after the grace', async () => {
    const socket = await open('/slow');
    socket.on('error', () => undefined);
    const gone = once(socket, 'close');
    const end = closed();
    stop = drain.begin(0);
    await Promise.all([gone, end]);
    expect(server.listening).toBe(false);
  });
});
