import { describe, expect, it } from 'vitest';
import { formatLogCursor, formatRunCursor, parseCursor } from './event-cursor';

const id = '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a';

describe('parseCursor', () => {
  it('reads back what was written', () => {
    expect(parseCursor(formatRunCursor(id, 412))).toEqual({ kind: 'run', runId: id, seq: 412 });
    const horizon = { xmin: 18_446_744_073_709_551_615n, serverStart: 1_764_000_000 };
    expect(parseCursor(formatLogCursor(id, horizon))).toEqual({ kind: 'log', epoch: id, horizon });
    expect(parseCursor('0')).toEqual({ kind: 'start' });
  });

  it.each([
    '',
    '17',
    'abc',
    `${id}:`,
    `${id}:-1`,
    `${id}:1e3`,
    `${id}:1;drop`,
    `${id}.`,
    `${id}.5`,
    `${id}.5.`,
    `x${id}:1`,
  ])('calls %j unknown', (text) => {
    expect(parseCursor(text)).toEqual({ kind: 'unknown' });
  });
});
