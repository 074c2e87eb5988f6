import type { EntityManager } from 'typeorm';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { encodeLines } from './log-lines';
import type { StoredLines } from './log-lines';
import { insertRows } from './insert-rows';

const columns = 'run_id, first_line, last_line, count, levels, is_full, text, fields';

/**
 * Writes lines of a run, in rising order. Of a line that is there already the one that was written first is read.
 *
 * @param isEnd more lines may follow on these; else their last chunk counts as full, however small it is
 */
export async function writeLines(
  manager: EntityManager,
  runId: string,
  lines: readonly LogEntry[],
  { isEnd = true }: { isEnd?: boolean } = {},
): Promise<void> {
  const rows = encodeLines(lines, isEnd).map((chunk) => valuesOf(runId, chunk));
  await insertRows(manager, `log_chunk (${columns})`, rows);
}

function valuesOf(runId: string, chunk: StoredLines): unknown[] {
  const { firstLine, lastLine, count, levels, isFull, text, fields } = chunk;
  return [runId, firstLine, lastLine, count, levels, isFull, text, fields];
}
