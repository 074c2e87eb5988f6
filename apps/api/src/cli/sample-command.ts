import { CheckpointError, inspectCheckpoint } from '@gan-dashboard/trainer';
import { randomInt } from 'node:crypto';
import type { SampleCommand } from './arguments';
import { readContents } from './checkpoint-contents';
import { conditionOf } from './conditions';
import { drawToFile } from './draw-rows';
import { shellWord, UsageError } from './failures';
import type { Interrupts } from './interrupts';
import type { Reporter } from './reporter';
import { RunFolder } from './run-folder';
import { requireFree, statusOf } from './table-files';

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
  const rows = command.rows ?? contents.rowCount;
  reporter.note('info', `${contents.model}, epoch ${checkpoint.epoch}: drawing ${rows.toLocaleString('en')} rows`);
  await drawToFile({ checkpoint, rows, seed, conditions }, { out, isForced }, interrupts);
  reporter.result(`Wrote ${rows.toLocaleString('en')} rows to ${out} (seed ${seed}).`);
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
