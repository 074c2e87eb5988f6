import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeRuns, WorkingRun, startEventServer } from '../testing/event-server';
import type { EventServer } from '../testing/event-server';
import { SocketReader } from '../testing/socket-reader';
import { SseReader } from '../testing/sse-reader';
import { createTestDataSource } from '../testing/test-data-source';

describe('GET /metrics', () => {
  let dataSource: DataSource;
  let closeDatabase: () => Promise<void>;
  let server: EventServer;
  const runs = new FakeRuns();

  beforeAll(async () => {
    ({ dataSource, close: closeDatabase } = await createTestDataSource());
    server = await startEventServer(dataSource, runs);
  });
  afterAll(async () => {
    await server.app.close();
    await closeDatabase();
  });

  /** The samples by name and labels, as Prometheus would read them. */
  async function scrape(): Promise<Map<string, number>> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  }

  it('answers in the text format, with the metrics of the process', async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('# TYPE gan_dashboard_event_streams_open gauge');
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it('counts streams by channels and transport, and what they were sent', async () => {
    const run = new WorkingRun(server, runs);
    const open = (path: string) => SseReader.open(`${server.url}/events${path}`);
    const streams = [await open('/training'), await open(`/training?run=${run.id}`), await open('')];
    const socket = await SocketReader.open(`${server.url}/ws`);
    socket.send({ subscribe: ['logs', 'training'], run: run.id });
    await socket.until((reader) => reader.answers().length === 1);
    const before = await scrape();
    const openStreams = (channels: string, transport: string) =>
      before.get(`gan_dashboard_event_streams_open{channels="${channels}",transport="${transport}"}`);
    expect(openStreams('training', 'sse')).toBe(2);
    expect(openStreams('training,progress,logs', 'sse')).toBe(1);
    expect(openStreams('training,logs', 'websocket')).toBe(1);
    expect(before.get('gan_dashboard_websocket_connections')).toBe(1);
    await run.write(10);
    for (const stream of streams) await stream.until(({ seqs }) => seqs.length === 10);
    await socket.until((reader) => reader.seqsOf(run.id).length === 10);
    const after = await scrape();
    const rise = (name: string) => (after.get(name) ?? NaN) - (before.get(name) ?? NaN);
    expect(rise('gan_dashboard_event_messages_sent_total{transport="sse"}')).toBe(30);
    expect(rise('gan_dashboard_event_messages_sent_total{transport="websocket"}')).toBe(10);
    expect(rise('gan_dashboard_event_sent_bytes_total{transport="websocket"}')).toBeGreaterThan(2_000);
    expect(rise('gan_dashboard_event_log_events_total')).toBe(10);
    expect(rise('gan_dashboard_event_log_write_seconds_count')).toBeGreaterThan(0);
    expect(rise('gan_dashboard_event_log_batch_events_sum')).toBe(10);
    expect(rise('gan_dashboard_event_flush_seconds_count')).toBeGreaterThan(0);
    expect(rise('gan_dashboard_event_flush_lag_seconds_count')).toBeGreaterThan(0);
    expect(after.get('gan_dashboard_event_log_backlog_events')).toBe(0);
    expect(after.get('gan_dashboard_event_tail_last_poll_timestamp_seconds')).toBeGreaterThan(Date.now() / 1_000 - 60);
    expect(after.get('gan_dashboard_event_ring_overruns_total')).toBe(0);
    expect(after.get('gan_dashboard_event_streams_dropped_total{reason="slow",transport="sse"}')).toBe(0);
    for (const stream of streams) stream.close();
    socket.close();
    await expect
      .poll(async () =>
        [...(await scrape()).keys()].filter((name) => name.startsWith('gan_dashboard_event_streams_open')),
      )
      .toEqual([]);
  });

  it('names counters, seconds and bytes as Prometheus asks for it', async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const types = [...text.matchAll(/^# TYPE (gan_dashboard_\S+) (\S+)$/gm)].map(([, name, type]) => ({ name, type }));
    expect(types.length).toBeGreaterThan(12);
    for (const { name, type } of types) expect(name?.endsWith('_total')).toBe(type === 'counter');
  });
});
