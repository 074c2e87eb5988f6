import { isStored } from '../engine/gan-shape';
import type { RowLayout, TrainingRows } from '../engine/gan-shape';

/**
 * Writes sparse rows in full, as networks read them.
 *
 * @param wanted row numbers
 * @returns `[wanted.length, layout.width]`
 */
export function denseRows({ spans, width }: RowLayout, source: TrainingRows, wanted: ArrayLike<number>): Float32Array {
  const encoded = isStored(source) ? source.take(wanted) : source;
  const rows = isStored(source) ? Uint32Array.from({ length: wanted.length }, (_, row) => row) : wanted;
  const dense = new Float32Array(rows.length * width);
  const numberSpans = encoded.numbers.length / encoded.rowCount;
  const choiceSpans = encoded.choices.length / encoded.rowCount;
  for (let i = 0; i < rows.length; i++) {
    let number = (rows[i] ?? 0) * numberSpans;
    let choice = (rows[i] ?? 0) * choiceSpans;
    for (const span of spans) {
      const place = i * width + span.start;
      if (span.kind === 'number') dense[place] = encoded.numbers[number++] ?? 0;
      else dense[place + (encoded.choices[choice++] ?? 0)] = 1;
    }
  }
  return dense;
}

/**
 * Condition vectors in full.
 *
 * @param places the place that is 1, or -1 for none
 * @returns `[places.length, width]`
 */
export function denseConditions(places: Int32Array, width: number): Float32Array {
  const dense = new Float32Array(places.length * width);
  places.forEach((place, i) => {
    if (place >= 0) dense[i * width + place] = 1;
  });
  return dense;
}
