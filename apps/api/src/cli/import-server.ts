import {
  checkpointSchema,
  datasetSchema,
  externalEventsAnswerSchema,
  idSchema,
  pageSchema,
  problemSchema,
} from '@gan-dashboard/shared-types';
import type { Dataset } from '@gan-dashboard/shared-types';
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError, messageOf } from './failures';
import type { PostedMessage } from './run-history';

const datasetsSchema = pageSchema(datasetSchema, 'DatasetPage');
/** Between two looks at a data set that is being imported. */
const pollMs = 300;

export interface ServerAddress {
  url: string;
  /** Of a server with sign-on. */
  token: string | undefined;
}

/** The REST API of a dashboard. Every failure is a CommandError that says what the server answered. */
export class ImportServer {
  readonly base: string;

  constructor(
    private readonly address: ServerAddress,
    private readonly stop: AbortSignal,
  ) {
    this.base = address.url.replace(/\/+$/, '');
  }

  /** The data set with this content: the one that is there already, or uploaded now. Ready when it resolves. */
  async dataset(csv: string, { fileName, sha256 }: { fileName: string; sha256: string }): Promise<Dataset> {
    const known = datasetsSchema.parse(
      await this.request(`/api/v1/datasets?limit=100&file_name=${encodeURIComponent(fileName)}`),
    );
    const same = known.items.find((each) => each.sha256 === sha256 && each.status === 'ready');
    if (same) return same;
    const form = new FormData();
    form.set('file', await openAsBlob(csv, { type: 'text/csv' }), fileName);
    let dataset = datasetSchema.parse(await this.request('/api/v1/datasets', { body: form }));
    while (dataset.status === 'importing') {
      await delay(pollMs, undefined, { signal: this.stop });
      dataset = datasetSchema.parse(await this.request(`/api/v1/datasets/${dataset.id}`));
    }
    if (dataset.status === 'ready') return dataset;
    throw new CommandError(`The dashboard could not import "${csv}": ${dataset.error ?? 'it does not say why'}`);
  }

  async createRun(body: Record<string, unknown>): Promise<string> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const answer = await this.request('/api/v1/runs', { headers, body: JSON.stringify(body) });
    return z.object({ id: idSchema }).parse(answer).id;
  }

  /** @returns how many were recorded. @throws CommandError naming the first message that was not taken */
  async post(id: string, messages: readonly PostedMessage[], before: number): Promise<number> {
    const lines = messages.map((message, index) => JSON.stringify({ ...message, client_seq: before + index + 1 }));
    const answer = externalEventsAnswerSchema.parse(
      await this.request(`/api/v1/runs/${id}/events?client_id=import`, {
        headers: { 'content-type': 'application/x-ndjson' },
        body: `${lines.join('\n')}\n`,
      }),
    );
    const [first] = answer.rejected;
    if (!first) return answer.accepted;
    throw new CommandError(
      `The server did not take ${answer.rejected_count} messages of the run ${id}, the first: ${first.message}. Delete that run there; use one version for both.`,
    );
  }

  /** @throws CommandError where something else has arrived than was sent */
  async bringCheckpoint(id: string, { path, sha256 }: { path: string; sha256: string }): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await this.request(`/api/v1/runs/${id}/checkpoints`, { headers, body: await openAsBlob(path) });
    const kept = checkpointSchema.parse(answer);
    if (kept.sha256 !== sha256) throw new CommandError(`"${path}" has arrived as another file: ${kept.sha256}.`);
  }

  async adopt(id: string): Promise<void> {
    await this.request(`/api/v1/runs/${id}/adopt`, { body: '' });
  }

  /** A POST where there is a body, else a GET. */
  private async request(
    path: string,
    { headers, body }: { headers?: Record<string, string>; body?: string | FormData | Blob } = {},
  ): Promise<unknown> {
    const { token } = this.address;
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const given = body === undefined ? { method: 'GET' } : { method: 'POST', body };
    let response: Response;
    try {
      response = await fetch(`${this.base}${path}`, {
        ...given,
        headers: { ...headers, ...authorization },
        signal: this.stop,
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new CommandError(`--url is "${this.base}", where no dashboard answers: ${messageOf(cause)}`, {
        cause: error,
      });
    }
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as unknown;
    const hint =
      response.status === 401 ? ' Make an API token there and give it as --token or GAN_DASHBOARD_TOKEN.' : '';
    throw new CommandError(`The dashboard at ${this.base} answered ${response.status}: ${detailOf(text)}${hint}`);
  }
}

function detailOf(text: string): string {
  try {
    const { title, detail } = problemSchema.parse(JSON.parse(text));
    return detail ?? title;
  } catch {
    return `${text.slice(0, 200)} Is it a dashboard?`;
  }
}
