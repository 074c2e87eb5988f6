import { CheckpointError, inspectCheckpoint } from '@gan-dashboard/trainer';
import { randomInt } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { SampleSequences } from '@gan-dashboard/shared-types';
import type { SampleCommand } from './arguments';
import { readContents } from './checkpoint-contents';
import type { CheckpointContents } from './checkpoint-contents';
import { conditionOf } from './conditions';
import { constraintOf } from './constraints';
import { drawToFile } from './draw-rows';
import type { Drawn } from './draw-rows';
import { shellWord, UsageError } from './failures';
import type { Interrupts } from './interrupts';
import type { Reporter } from './reporter';
import { RunFolder, tableOf } from './run-folder';
import { exists, requireFree, statusOf } from './table-files';

/** Seeds of samples and runs that name none. */
export const anySeed = () => randomInt(2 ** 31 - 1);

/** Draws rows from a run's latest checkpoint, or from a checkpoint file. */
export async function runSample(
  command: SampleCommand,
  { interrupts, reporter }: { interrupts: Interrupts; reporter: Reporter },
): Promise<void> {
  const { out, isForced, seed = anySeed() } = command;
  await requireFree(out, isForced);
  const checkpoint = await checkpointOf(command.from);
  const contents = await readContents(checkpoint.path);
  const conditions = command.conditions.map((text) => conditionOf(text, contents.columns));
  const constraints = command.constraints.map((text) => constraintOf(text, contents.columns));
  const table = constraints.some(({ kind }) => kind === 'fixed_combinations')
    ? await tableBeside(checkpoint.path)
    : undefined;
  const { rows, sequences } = sizeOf(command, contents);
  reporter.note('info', `${contents.model}, epoch ${checkpoint.epoch}: drawing ${rows.toLocaleString('en')} rows`);
  const draw = {
    checkpoint,
    rows,
    seed,
    conditions,
    constraints,
    ...(sequences && { sequences }),
    ...(table === undefined ? {} : { table }),
  };
  const drawn = await drawToFile(draw, { out, isForced }, interrupts);
  reporter.result(`Wrote ${rows.toLocaleString('en')} rows to ${out} (seed ${seed}).${keptText(drawn)}`);
}

/**
 * How many rows are drawn: those of the sequences, where their number is named; and what the sequences are to be like.
 *
 * @throws UsageError where a model of single rows is asked for sequences
 */
export function sizeOf(
  { rows, sequences: count, length, start }: Pick<SampleCommand, 'rows' | 'sequences' | 'length' | 'start'>,
  { model, rowCount, sequenceLength }: Pick<CheckpointContents, 'model' | 'rowCount' | 'sequenceLength'>,
): { rows: number; sequences?: SampleSequences } {
  if (count === undefined && length === undefined && start === undefined) return { rows: rows ?? rowCount };
  if (sequenceLength === null) {
    throw new UsageError(
      `${sequenceOption({ sequences: count, length })}, but ${model} makes single rows. Leave it out, or sample a model of sequences (doppelganger, quantgan).`,
    );
  }
  const drawn = count === undefined ? (rows ?? rowCount) : count * (length ?? sequenceLength);
  return { rows: drawn, sequences: { ...(count && { count }), ...(length && { length }), ...(start && { start }) } };
}

function sequenceOption({
  sequences,
  length,
}: {
  sequences?: number | undefined;
  length?: number | undefined;
}): string {
  if (sequences !== undefined) return `--sequences is ${sequences}`;
  return length === undefined ? '--start-time or --start-value is given' : `--length is ${length}`;
}

function keptText({ hit_rate: rate, completed_share: share }: Drawn): string {
  const percent = (part: number) => `${(100 * part).toPrecision(3)} %`;
  const kept = rate === undefined ? '' : ` Of the rows drawn ${percent(rate)} were kept.`;
  return share === undefined ? kept : `${kept} In ${percent(share)} of them a combination was completed.`;
}

/** @throws UsageError for a checkpoint that was taken out of its run folder */
async function tableBeside(checkpoint: string): Promise<string> {
  const table = tableOf(dirname(dirname(resolve(checkpoint))));
  if (await exists(table)) return table;
  throw new UsageError(
    `--constraint combination:… is read from the table that was learned, and there is none at "${table}". Name the run folder, or a checkpoint within it.`,
  );
}

async function checkpointOf(from: string): ReturnType<typeof inspectCheckpoint> {
  const status = await statusOf(from);
  if (!status) throw new UsageError(`There is no run folder and no checkpoint "${from}". Check its name.`);
  if (status.isDirectory()) {
    const latest = await (await RunFolder.open(from)).latestCheckpoint();
    if (latest) return latest;
    throw new UsageError(
      `"${from}" has no checkpoint yet. Train on with npx gan-dashboard train --resume ${shellWord(from)}.`,
    );
  }
  try {
    return await inspectCheckpoint(from);
  } catch (error) {
    if (error instanceof CheckpointError) throw new UsageError(`"${from}": ${error.message}`, { cause: error });
    throw error;
  }
}
