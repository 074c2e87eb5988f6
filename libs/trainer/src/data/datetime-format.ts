const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const pad = (value: number, width: number) => String(value).padStart(width, '0');
const hour12 = (time: Date) => time.getUTCHours() % 12 || 12;
const name = (names: string[], index: number) => names[index] ?? '';
const dayOfYear = (time: Date) => Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

/** What each directive of a strptime pattern writes, in UTC. */
const directives: Record<string, (time: Date) => string> = {
  '%Y': (time) => pad(time.getUTCFullYear(), 4),
  '%y': (time) => pad(time.getUTCFullYear() % 100, 2),
  '%m': (time) => pad(time.getUTCMonth() + 1, 2),
  '%-m': (time) => String(time.getUTCMonth() + 1),
  '%B': (time) => name(months, time.getUTCMonth()),
  '%b': (time) => name(months, time.getUTCMonth()).slice(0, 3),
  '%d': (time) => pad(time.getUTCDate(), 2),
  '%-d': (time) => String(time.getUTCDate()),
  '%j': (time) => pad(dayOfYear(time), 3),
  '%-j': (time) => String(dayOfYear(time)),
  '%A': (time) => name(days, time.getUTCDay()),
  '%a': (time) => name(days, time.getUTCDay()).slice(0, 3),
  '%w': (time) => String(time.getUTCDay()),
  '%H': (time) => pad(time.getUTCHours(), 2),
  '%-H': (time) => String(time.getUTCHours()),
  '%I': (time) => pad(hour12(time), 2),
  '%-I': (time) => String(hour12(time)),
  '%p': (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
  '%M': (time) => pad(time.getUTCMinutes(), 2),
  '%-M': (time) => String(time.getUTCMinutes()),
  '%S': (time) => pad(time.getUTCSeconds(), 2),
  '%-S': (time) => String(time.getUTCSeconds()),
  '%g': (time) => pad(time.getUTCMilliseconds(), 3),
  '%f': (time) => `${pad(time.getUTCMilliseconds(), 3)}000`,
  '%n': (time) => `${pad(time.getUTCMilliseconds(), 3)}000000`,
  '%z': () => '+00:00',
  '%Z': () => 'UTC',
  '%%': () => '%',
};

/**
 * Writes times the way a strptime pattern reads them.
 *
 * @throws RangeError for a directive that is not known
 */
export function datetimeWriter(pattern: string): (milliseconds: number) => string {
  const parts = pattern.match(/%-?.|[^%]+|%$/gs) ?? [];
  const writers = parts.map((part) => {
    if (!part.startsWith('%')) return () => part;
    const write = directives[part];
    if (!write) throw new RangeError(`the time format "${pattern}" has a directive that is not known: ${part}`);
    return write;
  });
  return (milliseconds) => {
    const time = new Date(milliseconds);
    return writers.map((write) => write(time)).join('');
  };
}

/** ISO 8601 patterns: a date, a time to the second, a time to the millisecond. */
export const isoDate = '%Y-%m-%d';
export const isoSeconds = '%Y-%m-%d %H:%M:%S';
export const isoMilliseconds = '%Y-%m-%d %H:%M:%S.%g';
