import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sampleSchema } from '@gan-dashboard/shared-types';
import type { Sample } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
const quick = { epochs: 2, batch_size: 100, steps_per_epoch: 2, generator_layers: [8], critic_layers: [8] };
const reason = 'Approved by the data owner for the internal test bed.';

describe('the download gate', () => {
  let server: TestApp;
  let api: ApiClient;
  let runId = '';

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    // Four different rows: whatever a model draws of them was there before.
    const rows = Array.from({ length: 400 }, (_, index) => `${['a', 'b'][index % 2]},${['x', 'y'][(index >> 1) % 2]}`);
    const dataset = await api.uploadCsv('coins.csv', `one,other\n${rows.join('\n')}\n`);
    ({ id: runId } = await api.startRun(dataset.id, quick));
    await api.untilStatus(runId, 'completed');
  });
  afterAll(() => server.close());

  const gated = async (sampleGate: { maxExactShare?: number; minDcrShare?: number }) => {
    await server.stop();
    server = await server.restart({ sampleGate: { maxExactShare: undefined, minDcrShare: undefined, ...sampleGate } });
    api = new ApiClient(server.url);
  };
  const get = async (id: string): Promise<Sample> =>
    sampleSchema.parse(await (await api.request(`/samples/${id}`)).json());
  const file = (id: string) => api.request(`/samples/${id}/file`);

  it('is open while nobody has set it, and closed for what was drawn before it was', async () => {
    const { id, gate } = await api.sample(runId, { rows: 50 });
    expect(gate).toBeUndefined();
    expect((await file(id)).status).toBe(200);
    await gated({ maxExactShare: 0.01 });
    expect((await get(id)).gate).toMatchObject({ state: 'refused', reasons: ['it was drawn before the gate was set'] });
    expect((await file(id)).status).toBe(403);
  });

  it('refuses copies with the numbers and the way out, shows none of them, and takes an override that is audited', async () => {
    await gated({ maxExactShare: 0.01 });
    const { id, gate, preview } = await api.sample(runId, { rows: 200 });
    expect(gate).toMatchObject({ state: 'refused', check: { judged_rows: 200, exact_matches: 200, exact_share: 1 } });
    expect(preview).toEqual([]);
    const refused = await file(id);
    expect(refused.status).toBe(403);
    const { detail } = (await refused.json()) as { detail: string };
    expect(detail).toContain('200 of 200 rows (100 %) equal a row of the training data, at most 1 % may');
    expect(detail).toContain(`/api/v1/samples/${id}/gate-override`);

    const path = `/samples/${id}/gate-override`;
    expect((await api.post(path, { reason: 'because' })).status).toBe(400);
    const answer = await api.post(path, { reason });
    expect(answer.status).toBe(200);
    expect(sampleSchema.parse(await answer.json())).toMatchObject({
      gate: { state: 'overridden', override: { by: 'local', reason } },
    });
    expect((await file(id)).status).toBe(200);
    expect((await api.post(path, { reason })).status).toBe(409);
    const audit = await (await api.request(`/audit?run_id=${runId}`)).text();
    expect(audit).toContain('sample.gate_override');
    expect(audit).toContain(reason);
  });

  it('lets pass what keeps the limits', async () => {
    await gated({ maxExactShare: 1, minDcrShare: 0.5 });
    const { id, gate } = await api.sample(runId, { rows: 100 });
    expect(gate).toMatchObject({ state: 'passed', reasons: [], check: { dcr_share: 1 } });
    expect((await file(id)).status).toBe(200);
  });

  it('stays closed where the check cannot be made', async () => {
    await gated({ minDcrShare: 0.5 });
    process.env['REPORT_WORKER'] = new URL('../reports/testing/dying-worker.mjs', import.meta.url).pathname;
    const { id, gate, status } = await api.sample(runId, { rows: 30 });
    expect(status).toBe('ready');
    expect(gate).toMatchObject({ state: 'refused', check: null });
    expect(gate?.reasons[0]).toContain('could not be checked: The report process was ended by SIGKILL');
    expect((await file(id)).status).toBe(403);
  });
});
