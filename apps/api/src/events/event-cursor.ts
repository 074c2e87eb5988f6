/**
 * A point in the whole log: every event that a transaction below `xmin` wrote lies before it. `serverStart` is when the
 * database server was started, in seconds: a crash may give transaction ids out again that were never written down.
 */
export interface LogHorizon {
  xmin: bigint;
  serverStart: number;
}

/**
 * What a client hands back to go on where it left off. On a stream of one run it is a place in that run's log; on
 * a stream of many runs it is a point in the whole log: everything whose transaction id lies below `xmin` was sent.
 */
export type EventCursor =
  | { kind: 'start' }
  | { kind: 'run'; runId: string; seq: number }
  | { kind: 'log'; epoch: string; horizon: LogHorizon }
  | { kind: 'unknown' };

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const runCursor = new RegExp(`^(${uuid}):(\\d{1,15})$`);
const logCursor = new RegExp(`^(${uuid})\\.(\\d{1,20})\\.(\\d{1,12})$`);

export function formatRunCursor(runId: string, seq: number): string {
  return `${runId}:${seq}`;
}

export function formatLogCursor(epoch: string, { xmin, serverStart }: LogHorizon): string {
  return `${epoch}.${xmin}.${serverStart}`;
}

/** Reads a cursor; whatever is not one of ours is `unknown`, which a stream answers with `replay_gap`. */
export function parseCursor(text: string): EventCursor {
  if (text === '0') return { kind: 'start' };
  const [, runId, seq] = runCursor.exec(text) ?? [];
  if (runId && seq) return { kind: 'run', runId, seq: Number(seq) };
  const [, epoch, xmin, start] = logCursor.exec(text) ?? [];
  if (epoch && xmin && start) {
    return { kind: 'log', epoch, horizon: { xmin: BigInt(xmin), serverStart: Number(start) } };
  }
  return { kind: 'unknown' };
}

/** More transaction ids than a server can have given out without writing any of them down before it crashed. */
const unwrittenIds = 10_000n;

/**
 * Where to read on from after a point that was taken before the server was started again: some way before it, because
 * the ids above the last one on disk are given out a second time. What was read before is repeated, nothing is lost.
 */
export function rewound(point: LogHorizon, now: LogHorizon): LogHorizon {
  if (point.serverStart === now.serverStart) return point;
  const { xmin } = point.xmin < now.xmin ? point : now;
  return { xmin: xmin > unwrittenIds ? xmin - unwrittenIds : 0n, serverStart: now.serverStart };
}
