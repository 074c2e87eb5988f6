export const mostRepeats = 20;
const largestSeed = 2_147_483_647;

/** How often to repeat, as typed. */
export function checkRepeats(text: string): { ok: true; value: number } | { ok: false; message: string } {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= mostRepeats) return { ok: true, value };
  return { ok: false, message: $localize`Seeds: a whole number from 1 to ${mostRepeats}.` };
}

/** Seeds one after the other, from the first one on; after the largest comes 0. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (first + index) % (largestSeed + 1));
}

/** The tag that runs of one config and different seeds share, so that they can be compared as a group. */
export function seedGroupTag(id: string): string {
  return `seeds:${id.slice(0, 8)}`;
}
