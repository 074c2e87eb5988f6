import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { TrainCommand } from './arguments';
import { withRoles } from './column-roles';
import { shellWord, UsageError } from './failures';
import type { Surroundings } from './train-command';
import { latestRunOf, makeRunFolder, RunFolder, tableOf } from './run-folder';
import { anySeed } from './sample-command';
import { readSettingsFile, settingsOf } from './settings';
import { exists, hashOf, importCsv, requireFile } from './table-files';

export interface OpenedRun {
  folder: RunFolder;
  /** The checkpoint that a resumed run goes on from; absent where there is none yet. */
  startFrom?: { path: string; sha256: string; step: number };
}

const defaultModel = 'ctgan';

/** A run that is ready to train, new or resumed. @throws UsageError, CommandError, InterruptedError */
export async function openRun(command: TrainCommand, around: Surroundings): Promise<OpenedRun> {
  if (command.csv !== undefined) await requireFile(command.csv);
  return command.resume ? resumeRun(command, around) : beginRun(command, around);
}

async function beginRun(command: TrainCommand, { interrupts, reporter }: Surroundings): Promise<OpenedRun> {
  const { csv = '', model = defaultModel, seed = anySeed(), configFile, settings, columns: wishes } = command;
  const file = configFile === undefined ? undefined : readSettingsFile(configFile);
  const config = settingsOf(model, { ...(file ? { file } : {}), changes: settings });
  const hadFolder = command.runFolder !== undefined && (await exists(command.runFolder));
  const path = resolve(await makeRunFolder(command.runFolder, { csv, model }));
  try {
    const sha256 = await hashOf(csv);
    const table = await importCsv(csv, tableOf(path), interrupts.stop);
    const columns = withRoles(table.columns, wishes);
    const { row_count, rejected_row_count, reading } = table;
    const folder = RunFolder.create(path, {
      status: 'running',
      process: process.pid,
      model,
      config,
      seed,
      data: { file_name: basename(csv), sha256, row_count, rejected_row_count, reading },
      columns,
    });
    for (const warning of table.warnings) {
      folder.log('warning', warning);
      reporter.note('warning', `warning: ${warning}`);
    }
    const size = `${row_count.toLocaleString('en')} rows, ${columns.length} columns`;
    reporter.note('info', `${basename(csv)}: ${size}. ${model}, ${config.epochs} epochs, seed ${seed}, in ${path}`);
    return { folder };
  } catch (error) {
    await rm(hadFolder ? tableOf(path) : path, { recursive: true, force: true });
    throw error;
  }
}

async function resumeRun({ csv, resume }: TrainCommand, { reporter }: Surroundings): Promise<OpenedRun> {
  const sha256 = csv === undefined ? undefined : await hashOf(csv);
  const folder =
    resume?.folder === undefined
      ? await latestRunOf(csv ?? '', sha256 ?? '')
      : await RunFolder.open(resolve(resume.folder));
  const { record, path } = folder;
  if (record.status === 'completed') {
    throw new UsageError(
      `The run in "${path}" is complete (${record.config.epochs} epochs). Draw rows with npx gan-dashboard sample ${shellWord(path)} --out FILE, or start a new run with more epochs.`,
    );
  }
  if (folder.isBusy) {
    throw new UsageError(`The run in "${path}" is being trained by process ${record.process}. End that first.`);
  }
  if (sha256 !== undefined && sha256 !== record.data.sha256) {
    throw new UsageError(
      `"${csv}" is not the file that the run in "${path}" learns from (${record.data.file_name}): its content differs. Leave it out, or start a new run.`,
    );
  }
  const checkpoint = await folder.latestCheckpoint();
  const step = checkpoint?.step ?? 0;
  folder.forgetMetricsAfter(step);
  folder.end('running');
  folder.save({ process: process.pid });
  const message = `Going on with ${record.model} on ${record.data.file_name} after step ${step}, in ${path}`;
  folder.log('info', message);
  reporter.note('info', message);
  if (!checkpoint) return { folder };
  return { folder, startFrom: { path: checkpoint.path, sha256: checkpoint.sha256, step } };
}
