import type { ConfigField } from '@gan-dashboard/shared-types';
import { formatValue } from '../design/format';

/** A field as typed: text, or a tick. */
export type RawValue = string | boolean;
export type ConfigValue = number | boolean | string | number[];
export type Checked = { ok: true; value: ConfigValue } | { ok: false; message: string };

/** What an untouched field shows. */
export function rawDefault(field: ConfigField): RawValue {
  if (typeof field.default === 'boolean') return field.default;
  return Array.isArray(field.default) ? field.default.join(', ') : String(field.default);
}

/** The value that a field stands for, or what is wrong with it, with the range that is right. */
export function checkField(field: ConfigField, raw: RawValue): Checked {
  switch (field.kind) {
    case 'boolean':
      return { ok: true, value: raw === true };
    case 'choice': {
      const isKnown = typeof raw === 'string' && (field.choices ?? []).includes(raw);
      return isKnown ? { ok: true, value: raw } : wrong(field, $localize`one of ${(field.choices ?? []).join(', ')}`);
    }
    case 'integer':
    case 'number':
      return checkNumber(field, String(raw));
    case 'integer_list':
      return checkList(field, String(raw));
    case 'text':
      return { ok: true, value: String(raw) };
  }
}

function checkNumber(field: ConfigField, text: string): Checked {
  const value = text.trim() === '' ? NaN : Number(text);
  const isRight =
    Number.isFinite(value) && (field.kind === 'number' || Number.isInteger(value)) && isWithin(field, value);
  if (isRight) return { ok: true, value };
  return wrong(
    field,
    `${field.kind === 'integer' ? $localize`a whole number` : $localize`a number`}${rangeText(field, ' ')}`,
  );
}

function checkList(field: ConfigField, text: string): Checked {
  const parts = text
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  const values = parts.map(Number);
  const isRight = values.length > 0 && values.every((value) => Number.isInteger(value) && isWithin(field, value));
  if (isRight) return { ok: true, value: values };
  return wrong(field, $localize`whole numbers${rangeText(field, $localize` each `)}, separated by commas`);
}

function isWithin(field: ConfigField, value: number): boolean {
  return value >= (field.minimum ?? -Infinity) && value <= (field.maximum ?? Infinity);
}

function wrong(field: ConfigField, expected: string): Checked {
  return { ok: false, message: `${field.title}: ${expected}.` };
}

/** `from 1 to 10,000`, `of at least 1`, `of at most 1`, or nothing. */
export function rangeText(field: ConfigField, before = ''): string {
  const { minimum, maximum } = field;
  if (minimum !== undefined && maximum !== undefined) {
    return $localize`${before}from ${formatValue(minimum)} to ${formatValue(maximum)}`;
  }
  if (minimum !== undefined) return $localize`${before}of at least ${formatValue(minimum)}`;
  if (maximum !== undefined) return $localize`${before}of at most ${formatValue(maximum)}`;
  return '';
}

const largestSeed = 2_147_483_647;

/** An empty seed lets the server choose one. */
export function checkSeed(text: string): { ok: true; value: number | undefined } | { ok: false; message: string } {
  if (text.trim() === '') return { ok: true, value: undefined };
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= largestSeed) return { ok: true, value };
  return { ok: false, message: $localize`Seed: a whole number from 0 to ${formatValue(largestSeed)}, or empty.` };
}
