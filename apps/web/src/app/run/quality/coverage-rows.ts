import type { LiveColumn, QualityUpdate } from '@gan-dashboard/shared-types';

/** A row of the heat map: shares from 0 to 1 over the measurements; undefined where nothing was measured. */
export interface HeatRow {
  key: string;
  label: string;
  values: readonly (number | undefined)[];
  /** Said beside the row, such as `67 %`. */
  last: string;
  /** What happened to it, for who cannot see the colours; empty where nothing did. */
  remark: string;
}

export function coverageRows(measured: readonly QualityUpdate[]): HeatRow[] {
  return (measured.at(-1)?.columns ?? []).map(({ name }) => {
    const columns = measured.map((update) => update.columns.find((column) => column.name === name));
    const values = columns.map((column) => column?.coverage);
    const last = values.at(-1);
    return {
      key: name,
      label: name,
      values,
      last: last === undefined ? $localize`not judged` : percent(last),
      remark: missingNow(columns.at(-1)),
    };
  });
}

/** The values of a column: how often each occurs, measured by how often it should (1: at least so often). */
export function partRows(measured: readonly QualityUpdate[], name: string): HeatRow[] {
  const columns = measured.map((update) => update.columns.find((column) => column.name === name));
  return (columns.at(-1)?.parts ?? []).map(({ label, real, synthetic }) => {
    const parts = columns.map((column) => column?.parts.find((part) => part.label === label));
    return {
      key: label,
      label,
      values: parts.map((part) => part && (part.real === 0 ? 1 : Math.min(1, part.synthetic / part.real))),
      last: $localize`${percent(synthetic)} of ${percent(real)}`,
      remark: lifeOf(
        parts.map((part) => part?.synthetic),
        measured.map(({ epoch }) => epoch),
      ),
    };
  });
}

export interface Vanished {
  column: string;
  value: string;
  /** The first epoch without it, of those without it up to now. */
  epoch: number;
  /** It has occurred before. */
  wasThere: boolean;
}

/** Values that are frequent in the table and absent from the rows that were drawn last. */
export function vanishedValues(measured: readonly QualityUpdate[]): Vanished[] {
  const last = measured.at(-1);
  if (!last) return [];
  return last.columns.flatMap((column) =>
    column.parts
      .filter((part) => part.is_judged && part.synthetic === 0)
      .map(({ label }) => {
        const shares = measured.map((update) => shareOf(update, column.name, label));
        const lastSeen = shares.findLastIndex((share) => share !== undefined && share > 0);
        const epoch = measured[lastSeen + 1]?.epoch ?? last.epoch;
        return { column: column.name, value: label, epoch, wasThere: lastSeen >= 0 };
      }),
  );
}

/** The heat map in a sentence or two. */
export function coverageText(measured: readonly QualityUpdate[]): string {
  const last = measured.at(-1);
  if (!last) return '';
  const judged = last.columns.filter(({ coverage }) => coverage !== undefined);
  if (judged.length === 0) return $localize`No column has values that are frequent enough to be looked for.`;
  const whole = judged.filter(({ coverage }) => coverage === 1).length;
  const start = $localize`At epoch ${last.epoch}, ${whole} of ${judged.length} columns have all of their values.`;
  const missing = vanishedValues(measured);
  if (missing.length === 0) return start;
  const named = missing.slice(0, 3).map(({ column, value, epoch, wasThere }) => {
    return wasThere
      ? $localize`${column} “${value}” (gone since epoch ${epoch})`
      : $localize`${column} “${value}” (never occurred)`;
  });
  const more = missing.length > named.length ? $localize` and ${missing.length - named.length} more` : '';
  return $localize`${start} Missing: ${named.join(', ')}${more}.`;
}

function shareOf(update: QualityUpdate, column: string, label: string): number | undefined {
  return update.columns.find(({ name }) => name === column)?.parts.find((part) => part.label === label)?.synthetic;
}

function missingNow(column: LiveColumn | undefined): string {
  const missing = column?.parts.filter((part) => part.is_judged && part.synthetic === 0) ?? [];
  return missing.length === 0 ? '' : `missing: ${missing.map(({ label }) => label).join(', ')}`;
}

function lifeOf(shares: readonly (number | undefined)[], epochs: readonly number[]): string {
  if (shares.at(-1) !== 0) return '';
  const lastSeen = shares.findLastIndex((share) => share !== undefined && share > 0);
  return lastSeen < 0 ? $localize`never occurred` : $localize`gone since epoch ${epochs[lastSeen + 1] ?? ''}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
