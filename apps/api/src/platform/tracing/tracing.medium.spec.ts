import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../testing/api-client';
import { startTestApp } from '../../testing/test-app';

interface WireSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}
interface Export {
  resourceSpans: { scopeSpans: { spans: WireSpan[] }[] }[];
}

/** What a collector gets (OTLP/HTTP, JSON encoding). */
describe('traces', () => {
  let collector: Server;
  let spans: WireSpan[];
  let headers: string[];

  beforeEach(async () => {
    spans = [];
    headers = [];
    collector = createServer((request, response) => {
      headers.push(`${request.url} ${String(request.headers['x-tenant'])}`);
      void json(request).then((body) => {
        const { resourceSpans } = body as Export;
        spans.push(...resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)));
        response.setHeader('content-type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  afterEach(() => collector.close());

  it(
    'follow a request of a caller into the work that it started, and leave streams out',
    { timeout: 60_000 },
    async () => {
      const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
      const tracing = { endpoint, headers: { 'x-tenant': 'rates desk' }, serviceName: 'gan', sampleRatio: 1 };
      const server = await startTestApp({ tracing });
      const [traceId, caller] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
      const stream = new AbortController();
      try {
        await fetch(`${server.url}/events`, { signal: stream.signal });
        const found = await fetch(`${server.url}/api/v1/runs`, {
          headers: { traceparent: `00-${traceId}-${caller}-01`, 'x-request-id': 'from-outside' },
        });
        expect(found.status).toBe(200);
        await found.text();
        await new ApiClient(server.url).uploadCsv('small.csv', 'a,b\n1,2\n3,4\n5,6\n');
      } finally {
        stream.abort();
        await server.close();
      }
      const named = (name: string) => spans.find((span) => span.name === name);
      expect(named('GET /api/v1/runs')).toMatchObject({ traceId, parentSpanId: caller });
      expect(named('GET /api/v1/runs')?.attributes).toEqual(
        expect.arrayContaining([
          { key: 'http.response.status_code', value: { intValue: 200 } },
          { key: 'gan_dashboard.request_id', value: { stringValue: 'from-outside' } },
        ]),
      );
      const upload = named('POST /api/v1/datasets');
      expect(upload?.parentSpanId).toBeUndefined();
      expect(named('import data set')).toMatchObject({ traceId: upload?.traceId, parentSpanId: upload?.spanId });
      expect(spans.filter(({ name }) => name.includes('/events'))).toEqual([]);
      expect(headers).toContain('/v1/traces rates desk');
    },
  );
});
