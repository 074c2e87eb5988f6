import { DuckDbSession } from './duckdb-session';
import { importTable } from './import-table';
import { ImportError } from './import-error';
import { lookAtBook } from '../order-book/look-at-book';
import { previewTable } from './preview';
import { writeTypedParquet } from './typed-parquet';
import { join } from 'node:path';
import { parquetFile, sourceFile, tableCommandSchema } from './table-protocol';
import type { TableJob, TableReply } from './table-protocol';

/**
 * The table process: takes one job over IPC, answers once and exits. It is a process of its own so that a runaway
 * query or a crash of the native library costs one job and never the server.
 */
let session: DuckDbSession | undefined;
let hasJob = false;

process.on('message', (message) => {
  const command = tableCommandSchema.safeParse(message);
  if (!command.success) {
    void reply({ kind: 'failed', error: `The job is not well formed: ${command.error.message}` });
  } else if (command.data.job === 'cancel') {
    session?.interrupt();
  } else if (!hasJob) {
    hasJob = true;
    void perform(command.data);
  }
});
// The server has gone: nobody waits for an answer.
process.on('disconnect', () => process.exit(1));

async function perform(job: TableJob): Promise<void> {
  try {
    session = await DuckDbSession.open(job);
    await reply({ kind: 'done', result: await resultOf(job, session) });
  } catch (error) {
    await reply({ kind: 'failed', error: explain(error, job.folder) });
  }
}

async function resultOf(job: TableJob, open: DuckDbSession): Promise<unknown> {
  const csv = join(job.folder, sourceFile);
  const parquet = join(job.folder, parquetFile);
  switch (job.job) {
    case 'import':
      return importTable(open, job.folder, job.inspection);
    case 'preview':
      return previewTable(open, parquet, job);
    case 'order-book':
      return lookAtBook(open, { csv, parquet }, job);
    case 'typed-parquet':
      return { row_count: await writeTypedParquet(open, { csv, parquet, columns: job.columns }) };
  }
}

/** For people: no path of this machine and no dump of options, which DuckDB puts below the first lines. */
function explain(error: unknown, folder: string): string {
  if (error instanceof ImportError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('Out of Memory Error')) {
    return 'The table needs more memory than it is given. Raise TABLE_MEMORY_MB or import a smaller file.';
  }
  return message.split('\n').slice(0, 2).join(' ').replaceAll(`${folder}/`, '').replaceAll(folder, '').slice(0, 500);
}

async function reply(message: TableReply): Promise<void> {
  // Exits only when the message has left: what is still in the channel would be lost.
  await new Promise<void>((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
  process.exit(0);
}
