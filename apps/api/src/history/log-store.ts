import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { LogEntry, LogMatches, LogMatchQuery, LogPage, LogQuery } from '@gan-dashboard/shared-types';
import { foldCase, longestAscii } from './letter-case';
import { decodeLines, levelBit } from './log-lines';

interface ChunkRow {
  id: string;
  first_line: number;
  count: number;
  text: string;
  fields: Buffer;
}

/** Chunks that a search reads at once: the first page of what is found comes before the whole log was read. */
const chunksPerSearch = 8;

type Place = Pick<ChunkRow, 'id' | 'first_line'>;

/** The log lines of runs, numbered from 1. */
@Injectable()
export class LogStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Lines from `from_line` on that match; a negative `from_line` counts from the end. */
  read(runId: string, query: LogQuery): Promise<LogPage> {
    // One snapshot for all statements: a compaction between two of them neither hides nor doubles a line.
    return this.dataSource.transaction('REPEATABLE READ', (manager) => new LogReader(manager, runId, query).read());
  }

  /** The numbers of the lines that match, in order: a search is stepped through without reading the lines between. */
  matches(runId: string, query: LogMatchQuery): Promise<LogMatches> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) =>
      new LogReader(manager, runId, { ...query, from_line: 1 }).matches(),
    );
  }
}

class LogReader {
  /** What is searched for, in lower case, and the part of it that any database can compare. */
  private readonly needle: string | null;
  private readonly part: string | null;

  constructor(
    private readonly manager: EntityManager,
    private readonly runId: string,
    private readonly query: LogQuery,
  ) {
    this.needle = query.search ? foldCase(query.search) : null;
    this.part = (this.needle && longestAscii(this.needle)) || null;
  }

  async read(): Promise<LogPage> {
    const { limit, from_line } = this.query;
    const total = await this.totalLines();
    const from = from_line < 0 ? total + from_line + 1 : from_line;
    const found = await this.find(from, limit + 1);
    return { items: found.slice(0, limit), total_lines: total, next_line: found[limit]?.line ?? null };
  }

  async matches(): Promise<LogMatches> {
    const lines: number[] = [];
    let total = 0;
    for await (const { line } of this.each(1)) {
      total += 1;
      if (lines.length < this.query.limit) lines.push(line);
    }
    return { lines, total, total_lines: await this.totalLines() };
  }

  private async totalLines(): Promise<number> {
    const [row] = await this.manager.query<{ total: number | null }[]>(
      'SELECT max(last_line) AS total FROM log_chunk WHERE run_id = $1',
      [this.runId],
    );
    return row?.total ?? 0;
  }

  /** The first `limit` lines from one on that match. */
  private async find(from: number, limit: number): Promise<LogEntry[]> {
    const found: LogEntry[] = [];
    for await (const entry of this.each(from, limit)) {
      found.push(entry);
      if (found.length === limit) break;
    }
    return found;
  }

  /** The lines from one on that match, in order, read chunk by chunk as they are asked for. */
  private async *each(from: number, wanted = Infinity): AsyncGenerator<LogEntry> {
    let line = from;
    let left = wanted;
    let after: Place = { first_line: 0, id: '0' };
    for (;;) {
      const count = this.isFiltered || left === Infinity ? chunksPerSearch : Math.ceil(left / 250) + 1;
      const chunks = await this.chunks(from, { after, limit: count });
      for (const entry of chunks.flatMap(decodeLines)) {
        // Two chunks have a line that was written twice.
        if (entry.line < line) continue;
        line = entry.line + 1;
        if (!this.isMatch(entry)) continue;
        left -= 1;
        yield entry;
      }
      const last = chunks.at(-1);
      if (!last || chunks.length < count) return;
      after = last;
    }
  }

  private get isFiltered(): boolean {
    return this.needle !== null || this.query.level !== undefined || this.query.stream !== undefined;
  }

  /** In the locale C `lower` knows only ASCII, as the part does, and is three times as fast. */
  private chunks(from: number, { after, limit }: { after: Place; limit: number }): Promise<ChunkRow[]> {
    const { level } = this.query;
    return this.manager.query<ChunkRow[]>(
      `SELECT id, first_line, count, text, fields FROM log_chunk
       WHERE run_id = $1 AND last_line >= $2 AND (first_line, id) > ($3, $4)
         AND ($5::int IS NULL OR levels & $5 <> 0)
         AND ($6::text IS NULL OR strpos(lower(text COLLATE "C"), $6) > 0)
       ORDER BY first_line, id LIMIT $7`,
      [this.runId, from, after.first_line, after.id, level ? levelBit(level) : null, this.part, limit],
    );
  }

  private isMatch({ level, stream, message }: LogEntry): boolean {
    if (this.query.level && level !== this.query.level) return false;
    if (this.query.stream && stream !== this.query.stream) return false;
    return this.needle === null || foldCase(message).includes(this.needle);
  }
}
