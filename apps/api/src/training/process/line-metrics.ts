import type { WireNumber } from '@gan-dashboard/shared-types';
import { isDrawnMetric, metricName, namesMeasure, namesPosition } from './metric-names';
import { numberSource, parseNumber } from './said';

/** `= 0.71`, `: tensor(0.71, …`, `: 45%`; the number ends where a word, a unit or a fraction would go on. */
const valuePattern = new RegExp(
  String.raw`['"]?\s{0,3}[:=]\s{0,8}(?:(?:tensor|array|np\.float(?:16|32|64))\()?\[?(${numberSource})(%?)(?=$|[\s,;|)\]}>"'…])(?!\s{0,3}/\s{0,3}\d)`,
  'gi',
);
const wordPattern = /^[A-Za-z_][\w().\-/]*$/;
const logLevels = /^(?:info|debug|warn|warning|error|trace)$/i;
const longestKey = 80;
const maxWords = 3;

/**
 * The `key: value` and `key=value` pairs of a line whose meaning is clear: the key is a name of at most three words (one
 * before `=`), the value a number without a unit. A key that does not name a measure by itself counts only on a line
 * that says where the training stands, or that names a measure as well.
 */
export function metricsOf(line: string, hasPosition: boolean): Record<string, WireNumber> {
  const pairs: [string, WireNumber][] = [];
  let end = 0;
  for (const match of line.matchAll(valuePattern)) {
    const key = keyBefore(line.slice(Math.max(end, match.index - longestKey), match.index), match[0].includes('='));
    end = match.index + match[0].length;
    const value = parseNumber(match[1] ?? '');
    const name = key === undefined ? undefined : metricName(key);
    if (name === undefined || value === undefined || namesPosition(name)) continue;
    const isPercentOfWork = match[2] === '%' && /^(?:progress|completed?|done|training)$/.test(name);
    if (!isPercentOfWork) pairs.push([match[2] === '%' ? `${name}_percent` : name, value]);
  }
  const isClear = hasPosition || pairs.some(([name]) => namesMeasure(name));
  return Object.fromEntries(isClear ? pairs : []);
}

function keyBefore(text: string, isAssignment: boolean): string | undefined {
  if (/\s$/.test(text) && text.trim() === '') return undefined;
  const words: string[] = [];
  for (const token of text.trimEnd().split(/\s+/).reverse()) {
    const opening = /^.*[[{<"'|,;…]/.exec(token)?.[0] ?? (token.startsWith('(') ? '(' : '');
    const word = token.slice(opening.length);
    if (!wordPattern.test(word) || logLevels.test(word)) break;
    words.unshift(word);
    if (opening !== '' || isAssignment) break;
  }
  if (words.length <= maxWords) return words.length === 0 ? undefined : words.join(' ');
  // A sentence: only a name that the dashboard knows stands out of it.
  return [words.slice(-2).join(' '), words.at(-1) ?? ''].find(isDrawnMetric);
}
