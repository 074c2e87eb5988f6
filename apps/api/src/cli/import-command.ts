import { join, basename, resolve } from 'node:path';
import type { ImportCommand } from './arguments';
import { UsageError } from './failures';
import { ImportServer } from './import-server';
import type { Reporter } from './reporter';
import { RunFolder } from './run-folder';
import { historyOf } from './run-history';
import { exists, hashOf } from './table-files';

/** Messages of a request. */
const mostPosted = 2_000;

/**
 * Hands a run folder to a dashboard: settings, seed, metrics, log, end and checkpoints, and its table where the CSV is
 * found. There it is sampled, forked and, with its table, resumed like a run of the dashboard's own.
 *
 * @throws UsageError for a folder that cannot be read or is being trained, or a CSV that is not the run's; CommandError
 *   where the server refuses
 */
export async function runImport(
  { from, url, name, data, token = process.env['GAN_DASHBOARD_TOKEN'] }: ImportCommand,
  { reporter, stop }: { reporter: Reporter; stop: AbortSignal },
): Promise<void> {
  const folder = await RunFolder.open(from);
  if (folder.isBusy) {
    throw new UsageError(`The run in "${from}" is being trained by process ${folder.record.process}. End that first.`);
  }
  const { messages, warnings } = await historyOf(folder);
  for (const warning of warnings) reporter.note('warning', `warning: ${warning}`);
  const csv = await tableOf(folder, data);
  if (csv === undefined) {
    const { file_name: fileName } = folder.record.data;
    reporter.note(
      'warning',
      `warning: ${fileName} is not here, so the run comes without its table: it can be sampled, not resumed. Name the file with --data to bring it.`,
    );
  }
  const server = new ImportServer({ url, token: token === '' ? undefined : token }, stop);
  const { file_name: fileName, sha256 } = folder.record.data;
  const dataset = csv === undefined ? undefined : await server.dataset(csv, { fileName, sha256 });
  const id = await server.createRun({
    ...factsOf(folder),
    ...(name === undefined ? {} : { name }),
    ...(dataset ? { dataset_id: dataset.id } : {}),
  });
  let accepted = 0;
  for (let start = 0; start < messages.length; start += mostPosted) {
    accepted += await server.post(id, messages.slice(start, start + mostPosted), start);
  }
  const checkpoints = await folder.wholeCheckpoints();
  for (const checkpoint of checkpoints) await server.bringCheckpoint(id, checkpoint);
  if (checkpoints.length > 0) await server.adopt(id);
  reporter.result(
    `Imported ${accepted.toLocaleString('en')} messages and ${checkpoints.length} checkpoints: ${server.base}/?run=${id}`,
  );
}

/** The CSV that the run was trained on: as it was named, or of its name here; undefined where it is not. */
async function tableOf({ record, path }: RunFolder, given: string | undefined): Promise<string | undefined> {
  const { file_name: fileName, sha256 } = record.data;
  const places = given === undefined ? [fileName, join(path, '..', fileName)] : [given];
  for (const place of places) {
    if (!(await exists(place))) continue;
    if ((await hashOf(place)) === sha256) return resolve(place);
  }
  if (given === undefined) return undefined;
  throw new UsageError(
    `--data is "${given}", which is not the table of the run: that was ${fileName}, with SHA-256 ${sha256}.`,
  );
}

/** What the dashboard is told of the run itself. */
function factsOf(folder: RunFolder): Record<string, unknown> {
  const { model, config, seed, data, engine } = folder.record;
  const notes = [
    `Imported from the command line's run folder ${basename(folder.path)}.`,
    `Table: ${data.file_name}, ${data.row_count} rows, SHA-256 ${data.sha256}.`,
    ...(engine === undefined ? [] : [`Engine: ${engine}.`]),
  ];
  return {
    origin: 'external',
    name: basename(folder.path).slice(0, 200),
    ...{ model, config, seed, total_epochs: config.epochs, tags: ['imported'], notes: notes.join('\n') },
  };
}
