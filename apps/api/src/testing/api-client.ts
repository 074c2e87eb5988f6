import { expect, vi } from 'vitest';
import { datasetSchema, eventPageSchema, runSchema, sampleSchema } from '@gan-dashboard/shared-types';
import type { Dataset, Run, RunMessage, RunStatus, Sample } from '@gan-dashboard/shared-types';

const patience = { timeout: 60_000, interval: 50 };

/** Drives the REST API as a script of a user would; every answer is checked against its schema. */
export class ApiClient {
  constructor(private readonly base: string) {}

  request(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.base}/api/v1${path}`, init);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async uploadCsv(name: string, text: string): Promise<Dataset> {
    const form = new FormData();
    form.set('file', new Blob([text], { type: 'text/csv' }), name);
    const response = await this.request('/datasets', { method: 'POST', body: form });
    expect(response.status).toBe(201);
    const { id } = datasetSchema.parse(await response.json());
    return this.ready(id);
  }

  private async ready(id: string): Promise<Dataset> {
    return vi.waitFor(async () => {
      const dataset = datasetSchema.parse(await (await this.request(`/datasets/${id}`)).json());
      expect(dataset).toMatchObject({ status: 'ready', error: null });
      return dataset;
    }, patience);
  }

  async startRun(datasetId: string, config: Record<string, unknown>, seed = 1): Promise<Run> {
    const response = await this.post('/runs', { dataset_id: datasetId, model: 'wgan-gp', config, seed });
    expect(response.status).toBe(201);
    return runSchema.parse(await response.json());
  }

  async run(id: string): Promise<Run> {
    return runSchema.parse(await (await this.request(`/runs/${id}`)).json());
  }

  async untilStatus(id: string, ...statuses: RunStatus[]): Promise<Run> {
    return vi.waitFor(async () => {
      const run = await this.run(id);
      expect(run.status).toBeOneOf(statuses);
      return run;
    }, patience);
  }

  async events(id: string, after = 0): Promise<RunMessage[]> {
    const page = eventPageSchema.parse(
      await (await this.request(`/runs/${id}/events?after=${after}&limit=5000`)).json(),
    );
    return page.items;
  }

  async sample(runId: string, body: Record<string, unknown>): Promise<Sample> {
    const response = await this.post(`/runs/${runId}/samples`, body);
    expect(response.status).toBe(202);
    const { id } = sampleSchema.parse(await response.json());
    return vi.waitFor(async () => {
      const sample = sampleSchema.parse(await (await this.request(`/samples/${id}`)).json());
      expect(sample.status).not.toBe('pending');
      return sample;
    }, patience);
  }
}
