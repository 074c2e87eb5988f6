import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LogEntry, LogPage, LogQuery } from '@gan-dashboard/shared-types';

interface LogRow {
  line: number;
  logged_at: Date;
  source: LogEntry['source'];
  stream: 'stdout' | 'stderr' | null;
  level: LogEntry['level'];
  message: string;
}

function entryOf(row: LogRow): LogEntry {
  const entry: LogEntry = {
    message: row.message,
    source: row.source,
    level: row.level,
    line: row.line,
    timestamp: row.logged_at.toISOString(),
  };
  if (row.stream) entry.stream = row.stream;
  return entry;
}

/** The log lines of runs, numbered from 1. */
@Injectable()
export class LogStore {
  constructor(private readonly dataSource: DataSource) {}

  async lastLine(runId: string): Promise<number> {
    const [row] = await this.dataSource.query<{ line: number | null }[]>(
      'SELECT max(line) AS line FROM run_log WHERE run_id = $1',
      [runId],
    );
    return row?.line ?? 0;
  }

  /** Lines from `from_line` on that match; a negative `from_line` counts from the end. */
  async read(runId: string, query: LogQuery): Promise<LogPage> {
    const total = await this.lastLine(runId);
    const from = query.from_line < 0 ? total + query.from_line + 1 : query.from_line;
    const rows = await this.dataSource.query<LogRow[]>(
      `SELECT line, logged_at, source, stream, level, message FROM run_log
       WHERE run_id = $1 AND line >= $2
         AND ($3::text IS NULL OR strpos(lower(message), lower($3)) > 0)
         AND ($4::text IS NULL OR level = $4)
       ORDER BY line LIMIT $5`,
      [runId, from, query.search ?? null, query.level ?? null, query.limit + 1],
    );
    const next = rows.length > query.limit ? rows[query.limit] : undefined;
    return { items: rows.slice(0, query.limit).map(entryOf), total_lines: total, next_line: next?.line ?? null };
  }
}
