import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import express from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterEach, describe, expect, it } from 'vitest';
import { limitSlowBodies } from './slow-bodies';

describe('a body that comes too slowly', () => {
  const sockets: Socket[] = [];
  let stop: () => void = () => undefined;
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    stop();
  });

  /** A server that reads its bodies, and a client that has sent the head of a request. */
  async function begin(type: string, limits: { jsonMs: number; silenceMs: number }): Promise<Socket> {
    const app = express();
    limitSlowBodies(app as unknown as NestExpressApplication, limits);
    app.use((request, response) => {
      request.resume().once('end', () => response.end('read'));
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    stop = () => server.close();
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
    sockets.push(socket);
    socket.write(`POST / HTTP/1.1\r\nHost: test\r\nContent-Type: ${type}\r\nContent-Length: 4\r\n\r\n{`);
    return socket;
  }

  it.each(['application/json', 'multipart/form-data; boundary=x'])('is refused: %s', async (type) => {
    const socket = await begin(type, { jsonMs: 50, silenceMs: 50 });
    let answer = '';
    socket.on('data', (text: string) => (answer += text));
    await once(socket, 'close');
    expect(answer).toContain('408 Request Timeout');
    expect(answer).toContain('Send it again, faster.');
  });

  it('is read where it comes in time', async () => {
    const socket = await begin('application/json', { jsonMs: 20_000, silenceMs: 20_000 });
    socket.write(' } ');
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toContain('200 OK');
  });
});
