export const linePx = 20;
/** Browsers give up on taller elements (Firefox at 17.8 million pixels); a longer log is scrolled in proportion. */
export const tallestPx = 10_000_000;

/** Height of the whole log in the scroll pane. */
export function contentPx(count: number): number {
  return Math.min(count * linePx, tallestPx);
}

/** The row at the top of a pane that has been scrolled to `top`, and how many rows are to be drawn. */
export function rowsInSight(
  { top, height }: { top: number; height: number },
  count: number,
): { first: number; count: number } {
  const fitting = Math.ceil(height / linePx) + 1;
  const scrollable = contentPx(count) - height;
  if (scrollable <= 0) return { first: 0, count: Math.min(count, fitting) };
  const share = Math.min(1, Math.max(0, top / scrollable));
  const first = Math.floor(share * (count - height / linePx) + 1e-6);
  return { first, count: Math.min(count - first, fitting) };
}

/** Where to scroll so that a row stands in the middle. */
export function topOfRow(row: number, height: number, count: number): number {
  const scrollable = Math.max(0, contentPx(count) - height);
  const fitting = height / linePx;
  if (count <= fitting) return 0;
  const first = Math.min(Math.max(0, row - fitting / 2), count - fitting);
  return (first / (count - fitting)) * scrollable;
}

/** The match behind a line, or before it, around the ends; -1 without a match. */
export function nextMatch(lines: readonly number[], line: number, direction: 1 | -1): number {
  if (lines.length === 0) return -1;
  if (direction === 1) {
    const index = lines.findIndex((each) => each > line);
    return index < 0 ? 0 : index;
  }
  const index = lines.findLastIndex((each) => each < line);
  return index < 0 ? lines.length - 1 : index;
}
