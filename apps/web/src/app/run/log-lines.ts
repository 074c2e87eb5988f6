import type { LogEntry } from '@gan-dashboard/shared-types';

/** How many lines of a run are held; the log reads others from the server as they come into sight. */
export const maxLines = 10_000;

/** Lines of a log in order, each once, though history and stream both bring it. The newest `maxLines` stay. */
export function mergeLines(lines: readonly LogEntry[], added: readonly LogEntry[]): readonly LogEntry[] {
  if (added.length === 0) return lines;
  const last = lines.at(-1)?.line ?? 0;
  const isTail = added.every((entry, index) => entry.line > (added[index - 1]?.line ?? last));
  const merged = isTail ? [...lines, ...added] : sorted([...lines, ...added]);
  return merged.length > maxLines ? merged.slice(-maxLines) : merged;
}

function sorted(entries: readonly LogEntry[]): LogEntry[] {
  const byLine = new Map(entries.map((entry) => [entry.line, entry]));
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}
