import { toWireNumber } from '@gan-dashboard/shared-types';
import type { WireNumber } from '@gan-dashboard/shared-types';

/** What one line of a program's output says. Whatever it does not say is absent. */
export interface Said {
  epoch?: number;
  totalEpochs?: number;
  /** As the program counts: over the whole run, or anew in each epoch. */
  step?: number;
  totalSteps?: number;
  /** The steps are batches of the epoch. */
  isBatch?: boolean;
  /** Said by a progress bar. */
  isBar?: boolean;
  /** Of whatever the program measures at that moment: the run, or the epoch at work. */
  percent?: number;
  /** Of the whole run, as the program says itself. */
  overallPercent?: number;
  metrics: Record<string, WireNumber>;
}

/** Source of a regular expression for a number as programs print it: scientific, signed, `nan`, `inf`. */
export const numberSource = String.raw`[+-]?(?:\d{1,20}(?:\.\d{0,20})?(?:e[+-]?\d{1,4})?|\.\d{1,20}(?:e[+-]?\d{1,4})?|nan|inf(?:inity)?)`;

const specials: Record<string, WireNumber> = { nan: 'NaN', inf: 'Infinity', infinity: 'Infinity' };

/** Reads a number in Python's, C's or JavaScript's spelling; undefined when the text is none. */
export function parseNumber(text: string): WireNumber | undefined {
  const word = text.trim().toLowerCase();
  const special = specials[word.replace(/^[+-]/, '')];
  if (special === 'NaN') return 'NaN';
  if (special !== undefined) return word.startsWith('-') ? '-Infinity' : 'Infinity';
  if (word === '' || !/^[+-]?[\d.]/.test(word)) return undefined;
  const value = Number(word);
  return Number.isNaN(value) ? undefined : toWireNumber(value);
}

/** A count (of epochs, of steps): whole, not negative, and small enough for the books. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text.trim())) return undefined;
  const count = Number(text);
  return count <= 2_147_483_647 ? count : undefined;
}

export function parsePercent(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(text);
  return percent >= 0 && percent <= 100 ? percent : undefined;
}

/** Leaves out what is undefined. */
export function defined<Values extends Record<string, unknown>>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]?: Exclude<Values[Key], undefined>;
  };
}
