import type { RejectedRow } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from './duckdb-session';

const listedRows = 100;
const shownCharacters = 500;

/** The first rejected rows in the order of the file, each with its reason in plain words. */
export async function rejectedRows(session: DuckDbSession, names: readonly string[]): Promise<RejectedRow[]> {
  const rows = await session.rows(`
    SELECT min(line)::DOUBLE, arg_max(error_type::VARCHAR, coalesce(column_idx, 0)),
      max(coalesce(column_idx, 0))::DOUBLE, arg_max(left(csv_line, ${shownCharacters}), coalesce(column_idx, 0))
    FROM rejects GROUP BY line_byte_position ORDER BY line_byte_position LIMIT ${listedRows}`);
  return rows.map(([line, type, column, text]) => {
    const place = Number(column);
    return {
      line: Number(line),
      column: names[String(type) === 'MISSING COLUMNS' ? place : place - 1] ?? null,
      reason: reasonOf(String(type), { column: place, columns: names.length }),
      text: typeof text === 'string' ? text.replaceAll('\u0000', '') : '',
    };
  });
}

/** What the listed rows were rejected for, most frequent first. */
export function rejectReasons(rows: readonly RejectedRow[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of rows) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].sort((a, b) => b[1] - a[1]).map(([reason]) => reason);
  return `${reasons.slice(0, 3).join('; ')}${rows[0] ? ` (first at line ${rows[0].line})` : ''}`;
}

function reasonOf(type: string, { column, columns }: { column: number; columns: number }): string {
  switch (type) {
    case 'MISSING COLUMNS':
      return `too few columns: ${column} of ${columns}`;
    case 'TOO MANY COLUMNS':
      return `too many columns: ${column} instead of ${columns}`;
    case 'UNQUOTED VALUE':
      return 'a quote is opened and not closed, or text follows a closing quote';
    case 'LINE SIZE OVER MAXIMUM':
      return 'the line is longer than 2 MB';
    case 'INVALID ENCODING':
      return 'characters that are not valid UTF-8';
    default:
      return type.toLowerCase();
  }
}
