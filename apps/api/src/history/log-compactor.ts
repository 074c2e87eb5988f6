import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { writeLines } from './log-chunks';
import { decodeLines } from './log-lines';
import type { StoredLines } from './log-lines';

type ChunkRow = Pick<StoredLines, 'count' | 'text' | 'fields'> & { id: string; first_line: number };

/** Puts the small chunks that the lines of a run come in together to full ones. What is read stays the same. */
@Injectable()
export class LogCompactor {
  constructor(private readonly dataSource: DataSource) {}

  /** Does nothing while another process is at it. */
  compact(runId: string): Promise<void> {
    return this.dataSource.transaction((manager) => compactLines(manager, runId));
  }
}

async function compactLines(manager: EntityManager, runId: string): Promise<void> {
  const [lock] = await manager.query<{ taken: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('log of ' || $1::text, 0)) AS taken`,
    [runId],
  );
  if (!lock?.taken) return;
  const [rows] = await manager.query<[ChunkRow[], number]>(
    'DELETE FROM log_chunk WHERE run_id = $1 AND NOT is_full RETURNING id, first_line, count, text, fields',
    [runId],
  );
  rows.sort((a, b) => a.first_line - b.first_line || Number(a.id) - Number(b.id));
  const lines = new Map<number, LogEntry>();
  for (const entry of rows.flatMap(decodeLines)) if (!lines.has(entry.line)) lines.set(entry.line, entry);
  const stretches = withoutGaps([...lines.values()].sort((a, b) => a.line - b.line));
  for (const [index, stretch] of stretches.entries()) {
    await writeLines(manager, runId, stretch, { isEnd: index === stretches.length - 1 });
  }
}

/** Between two stretches there are full chunks: a chunk across them would have lines on both sides of theirs. */
function withoutGaps(lines: readonly LogEntry[]): LogEntry[][] {
  const stretches: LogEntry[][] = [];
  let before: LogEntry | undefined;
  for (const entry of lines) {
    const stretch = stretches.at(-1);
    if (stretch && before && entry.line === before.line + 1) stretch.push(entry);
    else stretches.push([entry]);
    before = entry;
  }
  return stretches;
}
