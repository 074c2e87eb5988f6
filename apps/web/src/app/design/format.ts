const significant = new Intl.NumberFormat('en', { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

/** What stands where a value was not measured. */
export const notMeasured = '–';

/** A measured quantity with four significant digits; NaN and the infinities are named. */
export function formatMetric(value: number | null | undefined): string {
  if (value === null || value === undefined) return notMeasured;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size < 1e-4 || size >= 1e6 ? value.toExponential(3) : significant.format(value);
  return text.replaceAll('-', '−');
}

/** A value of a table: as it is, with at most six significant digits. */
export function formatValue(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return notMeasured;
  if (typeof value === 'string') return shortTime(value);
  if (typeof value === 'boolean') return String(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e12)) return Number(value.toPrecision(6)).toExponential();
  return Number.isInteger(value) ? grouped.format(value) : plain.format(value);
}

const isoTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z?$/;

/** An ISO 8601 time without what is zero anyway: `2026-01-02`, `2026-01-02 10:00:05`. Other texts stay. */
export function shortTime(text: string): string {
  const [, day, time, fraction] = isoTime.exec(text) ?? [];
  if (day === undefined || time === undefined) return text;
  const rest = fraction === undefined || Number(fraction) === 0 ? '' : fraction;
  return time === '00:00:00' && rest === '' ? day : `${day} ${time}${rest}`;
}

export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? notMeasured : grouped.format(count);
}

/** Decimal units (kB = 1000 bytes), as file managers and disk makers use them. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return notMeasured;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Seconds as two units at most: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return notMeasured;
  if (seconds < 0) return notMeasured;
  if (seconds < 1) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return $localize`${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400) return $localize`${Math.floor(whole / 3_600)} h ${two(Math.floor((whole % 3_600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3_600)} h`;
}

/** A delay for the eye: `12 ms`, `1.4 s`. */
export function formatDelay(ms: number): string {
  if (ms < 1_000) return $localize`${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms / 1_000);
}

export function formatPercent(percent: number): string {
  return `${percent >= 100 ? '100' : percent.toFixed(1)} %`;
}

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Local time of day. */
export function formatClock(iso: string): string {
  return clockTime.format(new Date(iso));
}

/** Local day and time. */
export function formatMoment(iso: string): string {
  return dayAndTime.format(new Date(iso));
}
