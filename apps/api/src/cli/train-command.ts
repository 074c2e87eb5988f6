import type { WorkerMessage } from '@gan-dashboard/shared-types';
import type { TrainCommand } from './arguments';
import { drawAndMeasure, drawToFile } from './draw-rows';
import { CommandError, exitCodeOf, exitCodes, InterruptedError, messageOf, shellWord } from './failures';
import type { Interrupts } from './interrupts';
import { qualityText } from './measure-quality';
import type { MeasuredQuality } from './measure-quality';
import { openRun } from './open-run';
import type { OpenedRun } from './open-run';
import type { Reporter } from './reporter';
import { requireFree } from './table-files';
import { doTask } from './worker-task';

export interface Surroundings {
  interrupts: Interrupts;
  reporter: Reporter;
  now: () => number;
}

/** Trains a model on a CSV, or goes on with a run; then measures and, where asked, writes rows. */
export async function runTrain(command: TrainCommand, around: Surroundings): Promise<void> {
  const { interrupts, reporter, now } = around;
  const startedAt = now();
  await requireFree(command.out, command.isForced);
  interrupts.stop.addEventListener('abort', () => reporter.note('info', 'Stopping … A second Ctrl-C does not wait.'));
  const opened = await openRun(command, around);
  try {
    await trainToEnd(opened, around);
    const quality = await finish(command, opened, around);
    const end = { status: 'completed', message: 'Training completed.', return_code: 0 } as const;
    reporter.end({ ...end, duration_seconds: elapsed() }, quality);
  } catch (error) {
    const isStop = error instanceof InterruptedError;
    reporter.end({
      status: isStop ? 'stopped' : 'failed',
      message: isStop ? 'Training stopped.' : 'Training failed.',
      return_code: exitCodeOf(error),
      duration_seconds: elapsed(),
      ...(isStop ? {} : { error: messageOf(error) }),
    });
    throw error;
  }

  function elapsed(): number {
    return (now() - startedAt) / 1000;
  }
}

/** @throws InterruptedError saying how to go on; CommandError where the training failed */
async function trainToEnd({ folder, startFrom }: OpenedRun, around: Surroundings): Promise<void> {
  const { record } = folder;
  const resume = `npx gan-dashboard train --resume ${shellWord(folder.path)}`;
  let step = startFrom?.step ?? 0;
  const onMessage = (message: WorkerMessage, at: Date) => {
    if (message.kind === 'checkpoint') step = message.data.step;
    folder.keep(message, at);
    around.reporter.trainer(message, at);
  };
  const task = {
    task: 'train' as const,
    run_id: folder.id,
    model: record.model,
    config: record.config,
    seed: record.seed,
    data: { parquet_path: folder.table, source_name: record.data.file_name, columns: record.columns },
    checkpoint_folder: folder.checkpoints,
    ...(startFrom ? { start_from: { ...startFrom, mode: 'resume' as const } } : {}),
  };
  try {
    const outcome = await doTask(task, around.interrupts, {
      onMessage,
      onOutput: (line) => folder.log('info', line),
    });
    folder.end(outcome);
    if (outcome === 'completed') return;
  } catch (error) {
    if (error instanceof InterruptedError) {
      folder.end('stopped');
      throw new InterruptedError(`Killed; what was learned after step ${step} is lost. Go on with: ${resume}`);
    }
    folder.log('error', messageOf(error));
    folder.end('failed', messageOf(error));
    throw error;
  }
  throw new InterruptedError(
    step === 0
      ? `Stopped before anything was learned. Go on with: ${resume}`
      : `Stopped; the state after step ${step} is saved. Go on with: ${resume}`,
  );
}

/** Measures how alike rows of the model are to the source, and writes those that were asked for. */
async function finish(command: TrainCommand, { folder }: OpenedRun, around: Surroundings): Promise<MeasuredQuality> {
  const { interrupts, reporter } = around;
  const checkpoint = await folder.latestCheckpoint();
  if (!checkpoint) throw new CommandError(`The training has ended without a checkpoint in "${folder.checkpoints}".`);
  const { seed, data } = folder.record;
  const { out, isForced, rows = data.row_count } = command;
  try {
    if (out !== undefined) {
      await drawToFile({ checkpoint, rows, seed }, { out, isForced }, interrupts);
      reporter.note('info', `Wrote ${rows.toLocaleString('en')} rows to ${out} (seed ${seed}).`);
    }
    const quality = await drawAndMeasure({ checkpoint, seed }, folder.table, interrupts);
    folder.save({ quality });
    for (const line of qualityText(quality).split('\n')) folder.log('info', line);
    reporter.result(qualityText(quality));
    return quality;
  } catch (error) {
    const way = `The training is complete; draw rows with: npx gan-dashboard sample ${shellWord(folder.path)} --out ${shellWord(out ?? 'FILE')}`;
    const message = `${messageOf(error)}\n${way}`;
    if (exitCodeOf(error) === exitCodes.interrupted) throw new InterruptedError(message, { cause: error });
    throw new CommandError(message, { cause: error });
  }
}
