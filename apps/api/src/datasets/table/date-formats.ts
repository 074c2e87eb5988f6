import type { DuckDbSession } from './duckdb-session';
import { literal } from './sql';

const days = [
  '%Y/%m/%d',
  '%m/%d/%Y',
  '%d/%m/%Y',
  '%d.%m.%Y',
  '%Y.%m.%d',
  '%m-%d-%Y',
  '%d-%m-%Y',
  '%m/%d/%y',
  '%d/%m/%y',
  '%d.%m.%y',
  '%d %b %Y',
  '%d %B %Y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%b %d, %Y',
  '%B %d, %Y',
];
const times = ['', ' %H:%M', ' %H:%M:%S', ' %H:%M:%S.%f', 'T%H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p'];
const formats = days.flatMap((day) => times.map((time) => day + time));
const sampleRows = 200;

export interface DateFormat {
  /** strptime pattern that reads every value. */
  format: string;
  /** Another one that does so too, with another meaning of day and month. */
  alternative?: string;
  hasTime: boolean;
}

/** Finds the pattern that reads all values of a text column as dates or times, where there is one. */
export async function dateFormatOf(
  session: DuckDbSession,
  { table, column, values }: { table: string; column: string; values: number },
): Promise<DateFormat | undefined> {
  const value = `trim(${column})`;
  const sample = `(SELECT ${value} AS v FROM ${table} WHERE ${column} IS NOT NULL LIMIT ${sampleRows})`;
  const [example] = await session.row(`SELECT min(v) FROM ${sample}`);
  if (!/\d/.test(String(example))) return undefined;
  // A few values rule out nearly all patterns; those that are left are tried on every value.
  const parsed = (format: string, cell: string) => `count(try_strptime(${cell}, ${literal(format)}))::DOUBLE`;
  const [size, ...hits] = await session.row(
    `SELECT count(*)::DOUBLE, ${formats.map((format) => parsed(format, 'v')).join(', ')} FROM ${sample}`,
  );
  const plausible = formats.filter((_, index) => hits[index] === size);
  const fitting: string[] = [];
  for (const format of plausible) {
    if ((await session.number(`SELECT ${parsed(format, value)} FROM ${table}`)) === values) fitting.push(format);
  }
  const [format, alternative] = fitting;
  if (!format) return undefined;
  return { format, ...(alternative ? { alternative } : {}), hasTime: format.includes('%H') || format.includes('%I') };
}
