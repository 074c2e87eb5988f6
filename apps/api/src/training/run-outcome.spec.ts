import { describe, expect, it } from 'vitest';
import { outcomeOf } from './run-outcome';
import type { AttemptFacts } from './run-outcome';

const none: AttemptFacts = { isStopping: false, wasKilledLate: false };
const clean = { exitCode: 0, signal: null };
const killed = { exitCode: null, signal: 'SIGKILL' } as const;

describe('how a run ends', () => {
  it('gives the reason of an end before the last epoch', () => {
    const facts = { ...none, finished: 'completed' as const, finishedBecause: 'no better for 5 measurements' };
    expect(outcomeOf(clean, facts)).toEqual({ status: 'completed', message: 'no better for 5 measurements' });
  });

  it.each([
    ['the training is done', clean, { finished: 'completed' }, 'completed'],
    ['the end overtakes the stop', clean, { finished: 'completed', isStopping: true }, 'completed'],
    ['the end overtakes the hand-over', clean, { finished: 'completed', handOver: 'bye' }, 'completed'],
    ['somebody stops it', clean, { finished: 'stopped', isStopping: true }, 'stopped'],
    [
      'a program ends its own way when it is told to',
      { exitCode: 143, signal: null },
      { finished: 'stopped', isStopping: true },
      'stopped',
    ],
    ['it is killed while it stops', killed, { isStopping: true }, 'stopped'],
    ['it does not stop in time', killed, { isStopping: true, wasKilledLate: true }, 'stopped'],
    ['the server hands over', clean, { finished: 'stopped', handOver: 'bye' }, 'interrupted'],
    ['it is killed in the hand-over', killed, { handOver: 'bye' }, 'interrupted'],
    ['a signal from outside ends it in order', clean, { finished: 'stopped' }, 'interrupted'],
    ['it is killed', killed, {}, 'interrupted'],
    ['it crashes in native code', { exitCode: null, signal: 'SIGSEGV' }, {}, 'interrupted'],
    ['it says what is wrong', { exitCode: 1, signal: null }, { failure: 'diverged' }, 'failed'],
    [
      'it says what is wrong while it stops',
      { exitCode: 1, signal: null },
      { failure: 'x', isStopping: true },
      'failed',
    ],
    ['it ends without a word', clean, {}, 'failed'],
    ['it ends with a code', { exitCode: 3, signal: null }, {}, 'failed'],
  ] as const)('%s', (_case, end, facts, status) => {
    expect(outcomeOf(end, { ...none, ...facts }).status).toBe(status);
  });

  it('gives the reason, with the last words of the process', () => {
    expect(outcomeOf(killed, { ...none, lastErrorLine: 'Error: no memory' }).message).toMatch(
      /^The trainer ended with SIGKILL .*out of memory.*; its last error was: Error: no memory\.$/,
    );
    expect(outcomeOf(killed, { ...none, isStopping: true, wasKilledLate: true }).message).toContain('is lost');
    expect(outcomeOf(clean, { ...none, handOver: 'The server was stopped.', finished: 'stopped' }).message).toBe(
      'The server was stopped.',
    );
  });
});
