import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MetricHistory, Worker } from '@gan-dashboard/shared-types';
import { serverInfoSchema, workerListSchema } from '@gan-dashboard/shared-types';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { ResourceMonitor } from './resource-monitor';
import type { ResourceSample } from './resource-monitor';
import { WorkerRegistry } from './worker-registry';

describe('the workers', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ maxConcurrentRuns: 3, resourceIntervalSeconds: 0.1 });
  });
  afterAll(() => server.close());

  const get = async <Body>(path: string): Promise<Body> => (await (await fetch(server.url + path)).json()) as Body;

  async function own(): Promise<Worker> {
    const { items } = workerListSchema.parse(await get('/api/v1/workers'));
    const found = items.find(({ id }) => id === server.app.get(WorkerRegistry).id);
    if (!found) throw new Error('the process is not listed');
    return found;
  }

  it('say what they are, and what their machine does', async () => {
    await vi.waitFor(async () => expect((await own()).load.cpu_percent).toBeDefined(), 10_000);
    const worker = await own();
    expect(worker).toMatchObject({ role: 'all', slots: 3, is_alive: true, is_draining: false, run_ids: [] });
    expect(worker.versions).toMatchObject({ node: process.versions.node, dashboard: expect.any(String) as string });
    const { cpu_percent: cpu = -1, memory_used_bytes: memory = -1, disk_total_bytes: disk = -1 } = worker.load;
    expect(cpu).toBeGreaterThanOrEqual(0);
    expect(cpu).toBeLessThanOrEqual(100);
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThanOrEqual(worker.memory_bytes);
    expect(disk).toBeGreaterThan(0);
  });

  it('stand beside what the server says of itself', async () => {
    const info = serverInfoSchema.parse(await get('/api/v1/server'));
    expect(info).toMatchObject({ auth: 'none', version: (await own()).versions['dashboard'] });
    expect(info.max_upload_bytes).toBeGreaterThan(0);
  });

  it('keep what was measured as series', async () => {
    const { id } = await own();
    const history = await vi.waitFor(async () => {
      const found = await get<MetricHistory>(`/api/v1/workers/${id}/metrics`);
      expect(found.series.find(({ name }) => name === 'worker_cpu_percent')?.step.length).toBeGreaterThan(12);
      return found;
    }, 20_000);
    const names = history.series.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['worker_cpu_percent', 'worker_memory_bytes', 'worker_disk_used_bytes']),
    );
    const { step = [], last = [] } = history.series.find(({ name }) => name === 'worker_memory_bytes') ?? {};
    expect(step).toEqual(step.map((_, index) => index));
    expect(last.every((value) => Number(value) > 0)).toBe(true);
    expect((await fetch(`${server.url}/api/v1/workers/${randomUUID()}/metrics`)).status).toBe(404);
  });

  it('measure the processes of a run until its end', async () => {
    const child = spawn(process.execPath, [
      '-e',
      'process.stdin.on("end", () => process.exit()).resume(); setInterval(() => 0, 1000)',
    ]);
    const samples: ResourceSample[] = [];
    const end = server.app.get(ResourceMonitor).watch(randomUUID(), child.pid ?? 0, (values) => samples.push(values));
    await vi.waitFor(() => expect(samples.some((values) => 'cpu_percent' in values)).toBe(true), 10_000);
    expect(samples.at(-1)).toMatchObject({
      memory_bytes: expect.any(Number) as number,
      worker_memory_bytes: expect.any(Number) as number,
    });
    end();
    const count = samples.length;
    const { load_at: before } = await own();
    await vi.waitFor(async () => expect((await own()).load_at).not.toBe(before), 10_000);
    expect(samples).toHaveLength(count);
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
  });

  it('count no place of a process that was killed', async () => {
    const dataSource = server.app.get(DataSource);
    const id = randomUUID();
    await dataSource.query(
      `INSERT INTO worker (id, created_at, instance_key, host, process_id, role, cores, memory_bytes, slots)
       VALUES ($1, now(), 1, 'elsewhere', 1, 'worker', 1, 1, 1)`,
      [id],
    );
    const { items } = workerListSchema.parse(await get('/api/v1/workers'));
    expect(items.find((worker) => worker.id === id)).toMatchObject({ is_alive: false });
    expect(await server.app.get(WorkerRegistry).liveSlots()).toEqual([{ workerId: (await own()).id, slots: 3 }]);
  });
});
