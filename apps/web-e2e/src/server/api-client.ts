import {
  checkpointPageSchema,
  datasetSchema,
  isFinalRunStatus,
  runPageSchema,
  runSchema,
  sampleSchema,
} from '@gan-dashboard/shared-types';
import type { Dataset, Run, RunCreate, Sample } from '@gan-dashboard/shared-types';
import { waitUntil } from './wait-until';

interface Parser<Value> {
  parse(value: unknown): Value;
}

/** Small networks and short epochs: some epochs a second. */
export const quickConfig = {
  batch_size: 100,
  steps_per_epoch: 30,
  latent_dim: 16,
  generator_layers: [32, 32],
  critic_layers: [32, 32],
  critic_steps: 2,
};
/** The same as it is typed into the form. */
export const quickSettings = {
  batch_size: '100',
  steps_per_epoch: '30',
  latent_dim: '16',
  generator_layers: '32, 32',
  critic_layers: '32, 32',
  critic_steps: '2',
};
/** Longer than any test: such a run goes on until something ends it. */
export const endless = { ...quickConfig, epochs: 100_000 };

/** Brings about over REST what a test needs before its own journey starts. */
export class ApiClient {
  /** @param headers of each request, such as the cookie of somebody who is signed in */
  constructor(
    private readonly url: () => string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** A small order book, imported and ready. */
  async dataset(name: string, rows = 400): Promise<Dataset> {
    const created = await this.post('datasets/generate', datasetSchema, { kind: 'treasury_orderbook', rows, name });
    return waitUntil(`data set ${name}`, 30_000, async () => {
      const dataset = await this.get(`datasets/${created.id}`, datasetSchema);
      if (dataset.status === 'failed') throw new Error(`data set ${name}: ${dataset.error}`);
      return dataset.status === 'ready' && dataset;
    });
  }

  startRun(
    dataset: Dataset,
    name: string,
    config: Record<string, unknown> = endless,
    more: Partial<RunCreate> = {},
  ): Promise<Run> {
    return this.post('runs', runSchema, { dataset_id: dataset.id, model: 'wgan-gp', name, seed: 7, config, ...more });
  }

  /** A run that has reported at least this many epochs. */
  async runningRun(dataset: Dataset, name: string, more: Partial<RunCreate> = {}): Promise<Run> {
    const run = await this.startRun(dataset, name, endless, more);
    return this.runWhen(run.id, (current) => current.status === 'running' && current.epoch >= 1);
  }

  run(id: string): Promise<Run> {
    return this.get(`runs/${id}`, runSchema);
  }

  runWhen(id: string, isReached: (run: Run) => boolean): Promise<Run> {
    return waitUntil(`the state of run ${id}`, 40_000, async () => {
      const run = await this.run(id);
      return isReached(run) && run;
    });
  }

  async sample(runId: string, rows: number): Promise<Sample> {
    const created = await this.post(`runs/${runId}/samples`, sampleSchema, { rows, seed: 1 });
    return waitUntil('a sample', 30_000, async () => {
      const sample = await this.get(`samples/${created.id}`, sampleSchema);
      return sample.status === 'ready' && sample;
    });
  }

  async checkpointCount(runId: string): Promise<number> {
    return (await this.get(`runs/${runId}/checkpoints`, checkpointPageSchema)).items.length;
  }

  /** So that no test trains beside the next one. */
  async stopAllRuns(): Promise<void> {
    const { items } = await this.get('runs?limit=500', runPageSchema);
    const active = items.filter((run) => !isFinalRunStatus(run.status));
    for (const run of active) {
      // It may end by itself meanwhile: then there is nothing to stop, and the next line sees that.
      await fetch(this.address(`runs/${run.id}/stop`), { method: 'POST', headers: this.headers });
      await this.runWhen(run.id, (current) => isFinalRunStatus(current.status));
    }
  }

  private get<Value>(path: string, schema: Parser<Value>): Promise<Value> {
    return this.request(path, schema, {});
  }

  private post<Value>(path: string, schema: Parser<Value>, body: unknown): Promise<Value> {
    const headers = { 'content-type': 'application/json' };
    return this.request(path, schema, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private async request<Value>(
    path: string,
    schema: Parser<Value>,
    init: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Value> {
    const headers = { ...this.headers, ...init.headers };
    const answer = await fetch(this.address(path), { ...init, headers });
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`);
    return schema.parse(await answer.json());
  }

  private address(path: string): URL {
    return new URL(`api/v1/${path}`, this.url());
  }
}
