import { externalEventsAnswerSchema, idSchema, problemSchema } from '@gan-dashboard/shared-types';
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import type { ImportCommand } from './arguments';
import { CommandError, messageOf, UsageError } from './failures';
import type { Reporter } from './reporter';
import { RunFolder } from './run-folder';
import { historyOf } from './run-history';
import type { PostedMessage } from './run-history';

/** Messages of a request. */
const mostPosted = 2_000;

/**
 * Hands the history of a run folder to a dashboard, where it is looked at as any run from outside: settings, seed,
 * metrics, log and how it ended. The checkpoints and the source's rows stay in the folder.
 *
 * @throws UsageError for a folder that cannot be read or is being trained; CommandError where the server refuses
 */
export async function runImport(
  { from, url, name }: ImportCommand,
  { reporter, stop }: { reporter: Reporter; stop: AbortSignal },
): Promise<void> {
  const folder = await RunFolder.open(from);
  if (folder.isBusy) {
    throw new UsageError(`The run in "${from}" is being trained by process ${folder.record.process}. End that first.`);
  }
  const { messages, warnings } = await historyOf(folder);
  for (const warning of warnings) reporter.note('warning', `warning: ${warning}`);
  const server = new Server(url, stop);
  const id = await server.createRun({ ...(await factsOf(folder)), ...(name === undefined ? {} : { name }) });
  let accepted = 0;
  for (let start = 0; start < messages.length; start += mostPosted) {
    accepted += await server.post(id, messages.slice(start, start + mostPosted), start);
  }
  reporter.result(`Imported ${accepted.toLocaleString('en')} messages: ${server.base}/?run=${id}`);
}

/** What the dashboard is told of the run itself. */
async function factsOf(folder: RunFolder): Promise<Record<string, unknown>> {
  const { model, config, seed, data, engine } = folder.record;
  const checkpoint = await folder.latestCheckpoint();
  const notes = [
    `Imported from the command line's run folder ${basename(folder.path)}.`,
    `Table: ${data.file_name}, ${data.row_count} rows, SHA-256 ${data.sha256}.`,
    ...(engine === undefined ? [] : [`Engine: ${engine}.`]),
    ...(checkpoint
      ? [`Its checkpoints stay there; the last one, after step ${checkpoint.step}, has SHA-256 ${checkpoint.sha256}.`]
      : []),
  ];
  return {
    origin: 'external',
    name: basename(folder.path).slice(0, 200),
    ...{ model, config, seed, total_epochs: config.epochs, tags: ['imported'], notes: notes.join('\n') },
  };
}

/** The REST API of a dashboard. */
class Server {
  readonly base: string;

  constructor(
    url: string,
    private readonly stop: AbortSignal,
  ) {
    this.base = url.replace(/\/+$/, '');
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

  private async request(path: string, { headers, body }: { headers: Record<string, string>; body: string }) {
    let response: Response;
    try {
      response = await fetch(`${this.base}${path}`, { method: 'POST', headers, body, signal: this.stop });
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new CommandError(`--url is "${this.base}", where no dashboard answers: ${messageOf(cause)}`, {
        cause: error,
      });
    }
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as unknown;
    throw new CommandError(`The dashboard at ${this.base} answered ${response.status}: ${detailOf(text)}`);
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
