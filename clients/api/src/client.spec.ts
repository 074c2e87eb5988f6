import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, answerOf, createClient, readEvents, uploadDataset } from './index.ts';
import type { ApiClient } from './index.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<ApiClient> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return createClient({ url: `http://127.0.0.1:${port}/tools/gan/`, token: 'secret' });
}

const run = '0f8fad5b-d9cb-469f-a165-70867728950e';
const frame = (seq: number) =>
  `id: c${seq}\ndata: ${JSON.stringify({ type: 'status_update', run_id: run, seq, data: { status: 'running' } })}\n\n`;

describe('the client', () => {
  it('asks below the base path, with its token', async () => {
    const asked: unknown[] = [];
    const api = await serve((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
    });
    expect(answerOf(await api.GET('/healthz'))).toEqual({ status: 'ok' });
    expect(asked).toEqual(['/tools/gan/healthz', 'Bearer secret']);
  });

  it('sends a file as a form', async () => {
    let sent = '';
    const api = await serve((request, response) => {
      void text(request).then((body) => {
        sent = `${request.headers['content-type'] ?? ''}\n${body}`;
        response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"7"}');
      });
    });
    expect((await uploadDataset(api, new Blob(['a,b\n1,2\n']), 'prices.csv')).id).toBe('7');
    expect(sent).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent).toContain('name="file"; filename="prices.csv"');
    expect(sent).toContain('a,b\n1,2\n');
  });

  it('says what a refusal says', async () => {
    const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no run 7.' };
    const api = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    const refused = api.GET('/api/v1/runs/{id}', { params: { path: { id: run } } }).then(answerOf);
    await expect(refused).rejects.toThrow(new ApiError(new Response(null, { status: 404 }), problem));
    await expect(refused).rejects.toMatchObject({ status: 404, problem });
  });

  it('says the status of a refusal that is no problem', async () => {
    const api = await serve((_, response) => response.writeHead(502).end('<html>'));
    await expect(api.GET('/healthz').then(answerOf)).rejects.toThrow('/healthz answered 502 Bad Gateway');
  });
});

describe('its event stream', () => {
  it('goes on with Last-Event-ID where a connection was lost, and gives each event once', async () => {
    const cursors: unknown[] = [];
    const api = await serve((request, response) => {
      cursors.push(request.headers['last-event-id']);
      if (cursors.length === 2) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (cursors.length === 1) {
        // The connection is cut within the third frame.
        response.write(`:\n\n${frame(1)}${frame(2)}${frame(3).slice(0, 20)}`, () => response.destroy());
        return;
      }
      response.write(frame(2) + frame(3));
    });
    const seqs: number[] = [];
    for await (const message of readEvents(api, { run, channels: ['training'], retryMs: 1 })) {
      if ('seq' in message) seqs.push(message.seq);
      if (seqs.includes(3)) break;
    }
    expect(seqs).toEqual([1, 2, 3]);
    expect(cursors).toEqual([undefined, 'c2', 'c2']);
  });

  it('moves its place by frames that hold nothing else', async () => {
    const cursors: unknown[] = [];
    const api = await serve((request, response) => {
      cursors.push(request.headers['last-event-id']);
      response.writeHead(200).end(cursors.length === 1 ? 'id: c9\n\n' : frame(10));
    });
    for await (const message of readEvents(api, { lastEventId: '0', retryMs: 1 })) {
      if ('seq' in message && message.seq === 10) break;
    }
    expect(cursors).toEqual(['0', 'c9']);
  });

  it('gives up where it is refused for good', async () => {
    const api = await serve((_, response) => response.writeHead(401).end());
    await expect(readEvents(api).next()).rejects.toMatchObject({ status: 401 });
  });

  it('ends with its signal', async () => {
    const ending = new AbortController();
    const api = await serve((_, response) => {
      response.writeHead(200).write(frame(1));
    });
    const seqs: unknown[] = [];
    for await (const message of readEvents(api, { signal: ending.signal })) {
      seqs.push('seq' in message && message.seq);
      ending.abort();
    }
    expect(seqs).toEqual([1]);
  });
});
