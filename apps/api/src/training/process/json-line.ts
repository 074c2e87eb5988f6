import type { WireNumber } from '@gan-dashboard/shared-types';
import { parseJsonLine } from '../json-lines';
import { metricName, namesPosition } from './metric-names';
import { defined, parseCount, parseNumber, parsePercent } from './said';
import type { Said } from './said';

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(line: string): Fields | undefined {
  if (!/^\s*\{.*\}\s*$/.test(line)) return undefined;
  const parsed = parseJsonLine(line);
  return 'json' in parsed && isObject(parsed.json) ? parsed.json : undefined;
}

/**
 * Reads a line that is a JSON object: numbers by name, in itself, in its `metrics` or in its `data`; so the messages of
 * the event streams are understood as well. Undefined when the line is no JSON object.
 */
export function jsonSaid(line: string): Said | undefined {
  const outer = parseObject(line);
  if (!outer) return undefined;
  const data = isObject(outer['data']) ? outer['data'] : {};
  const flat: Fields = { ...outer, ...data };
  const first = (...names: string[]) => names.map((name) => flat[name]).find((value) => value !== undefined);
  const count = (...names: string[]) => countOf(first(...names));
  const metrics: Record<string, WireNumber> = {};
  for (const fields of [outer, outer['metrics'], data, data['metrics']]) Object.assign(metrics, numbersOf(fields));
  return {
    ...defined({
      epoch: count('epoch'),
      totalEpochs: count('total_epochs', 'epochs', 'num_epochs'),
      step: count('step', 'global_step', 'iteration', 'iter', 'batch'),
      isBatch: count('step', 'global_step', 'iteration', 'iter') === undefined && count('batch') !== undefined,
      totalSteps: count('total_steps', 'num_batches', 'total_batches'),
      overallPercent: parsePercent(textOf(first('progress_percent', 'percent'))),
    }),
    metrics,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' ? parseCount(String(value)) : undefined;
}

const counts = new Set(['total_epochs', 'num_epochs', 'num_batches', 'total_batches', 'timestamp', 'time']);

function numbersOf(fields: unknown): Record<string, WireNumber> {
  if (!isObject(fields)) return {};
  const numbers: Record<string, WireNumber> = {};
  for (const [key, value] of Object.entries(fields)) {
    const name = metricName(key);
    if (name === undefined || namesPosition(name) || counts.has(name)) continue;
    const isSpecial = typeof value === 'string' && /^[+-]?(?:nan|inf(?:inity)?)$/i.test(value);
    const number = typeof value === 'number' || isSpecial ? parseNumber(String(value)) : undefined;
    if (number !== undefined) numbers[name] = number;
  }
  return numbers;
}
