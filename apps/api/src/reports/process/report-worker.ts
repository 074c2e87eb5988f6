import { writeFile } from 'node:fs/promises';
import { reportRowLimit } from '@gan-dashboard/shared-types';
import { renderReport } from '../html/render-report';
import { makeReport } from '../measure/make-report';
import { privacyCheck } from '../measure/privacy-check';
import { comparedColumns, readSides, readTable } from './read-table';
import { bookOf } from './order-book-of';
import { seriesTables } from './series-tables';
import { processTaskSchema } from './report-protocol';
import type { PrivacyTask, ProcessReply, ProcessTask, ReportTask } from './report-protocol';

/** The report process: takes one task over IPC, answers once and exits. */
let hasTask = false;

process.on('message', (message) => {
  const task = processTaskSchema.safeParse(message);
  if (!task.success) void end({ kind: 'failed', error: `The task is not well formed: ${task.error.message}` });
  else if (!hasTask) {
    hasTask = true;
    void perform(task.data);
  }
});
// The server has gone: nobody waits for an answer.
process.on('disconnect', () => process.exit(1));

async function perform(task: ProcessTask): Promise<void> {
  try {
    const result = task.task === 'report' ? await report(task) : await privacy(task);
    await end({ kind: 'done', result });
  } catch (error) {
    await end({ kind: 'failed', error: (error instanceof Error ? error.message : String(error)).slice(0, 1_000) });
  }
}

async function report(task: ReportTask): Promise<{ is_copying: boolean }> {
  const { title, target, seed, lineage, holdout = null } = task;
  say({ kind: 'progress', phase: 'reading', percent: 1 });
  const files = comparedColumns(task.real, task.synthetic);
  const options = { limit: task.row_limit, seed, isOrdered: task.is_ordered };
  const sides = holdout ? await readSides(files.real, holdout, options) : undefined;
  const real = sides ? { ...sides, table: sides.training } : await readTable(files.real, options);
  const heldOutRows = sides?.heldOut.rowCount ?? 0;
  const synthetic = await readTable(files.synthetic, options);
  const asSeries =
    task.series &&
    (await seriesTables(task.series, {
      real: { file: task.real, ...real },
      synthetic: { file: task.synthetic, ...synthetic },
    }));
  const content = await makeReport({
    title,
    real: asSeries?.real ?? real.table,
    holdout: sides?.heldOut,
    synthetic: asSeries?.synthetic ?? synthetic.table,
    series: asSeries?.series,
    orderBook: bookOf(files.real.columns),
    target,
    seed,
    lineage: {
      ...lineage,
      real: { ...lineage.real, rows: real.rowCount, rows_used: real.table.rowCount + heldOutRows },
      synthetic: { ...lineage.synthetic, rows: synthetic.rowCount, rows_used: synthetic.table.rowCount },
    },
    now: () => new Date(),
    onProgress: (phase, percent) => say({ kind: 'progress', phase, percent }),
  });
  say({ kind: 'progress', phase: 'writing', percent: 97 });
  await writeFile(task.json_path, JSON.stringify(content));
  await writeFile(task.html_path, renderReport(content));
  return { is_copying: content.privacy?.verdict === 'copying' };
}

async function privacy({ real, synthetic, seed }: PrivacyTask) {
  const files = comparedColumns(real, synthetic);
  const options = { limit: reportRowLimit, seed };
  // All real rows: a copy of one that was left out would not be seen.
  const trained = await readTable(files.real, { ...options, limit: Number.MAX_SAFE_INTEGER });
  return privacyCheck(trained.table, (await readTable(files.synthetic, options)).table, seed);
}

function say(message: ProcessReply): void {
  process.send?.(message);
}

async function end(message: ProcessReply): Promise<void> {
  // Exits only when the message has left: what is still in the channel would be lost.
  await new Promise<void>((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
  process.exit(0);
}
