import type { Random } from '../random/random';

/** Longer text keeps the shape of its beginning only. */
const longest = 200;
/** Shapes that are kept, most frequent first. */
const mostPatterns = 100;

/** How often text has each shape: `A` and `a` stand for letters, `9` for digits, all else for itself. */
export interface TextPatterns {
  patterns: string[];
  counts: number[];
}

/** Learns the shapes of texts, and nothing else of them: no letter or digit is kept. */
export function fitTextPatterns(texts: Iterable<string>): TextPatterns {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const pattern = patternOf(text);
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  const kept = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostPatterns);
  return { patterns: kept.map(([pattern]) => pattern), counts: kept.map(([, count]) => count) };
}

export function patternOf(text: string): string {
  return [...text]
    .slice(0, longest)
    .join('')
    .replace(/\p{Nd}/gu, '9')
    .replace(/\p{Lu}/gu, 'A')
    .replace(/(?!A)\p{L}/gu, 'a');
}

/** New text in a shape. */
export function writePattern(pattern: string, random: Random): string {
  return pattern.replace(/[Aa9]/g, (place) => {
    if (place === '9') return String(random.integer(10));
    return String.fromCharCode((place === 'A' ? 65 : 97) + random.integer(26));
  });
}
