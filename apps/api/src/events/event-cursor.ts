/**
 * What a client hands back to go on where it left off. On a stream of one run it is a place in that run's log; on
 * a stream of many runs it is a point in the whole log: everything whose transaction id lies below `xmin` was sent.
 */
export type EventCursor =
  | { kind: 'start' }
  | { kind: 'run'; runId: string; seq: number }
  | { kind: 'log'; epoch: string; xmin: bigint }
  | { kind: 'unknown' };

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const runCursor = new RegExp(`^(${uuid}):(\\d{1,15})$`);
const logCursor = new RegExp(`^(${uuid})\\.(\\d{1,20})$`);

export function formatRunCursor(runId: string, seq: number): string {
  return `${runId}:${seq}`;
}

export function formatLogCursor(epoch: string, xmin: bigint): string {
  return `${epoch}.${xmin}`;
}

/** Reads a cursor; whatever is not one of ours is `unknown`, which a stream answers with `replay_gap`. */
export function parseCursor(text: string): EventCursor {
  if (text === '0') return { kind: 'start' };
  const [, runId, seq] = runCursor.exec(text) ?? [];
  if (runId && seq) return { kind: 'run', runId, seq: Number(seq) };
  const [, epoch, xmin] = logCursor.exec(text) ?? [];
  if (epoch && xmin) return { kind: 'log', epoch, xmin: BigInt(xmin) };
  return { kind: 'unknown' };
}
