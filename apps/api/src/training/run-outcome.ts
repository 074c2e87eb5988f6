import { describeEnd } from './process-end';
import type { ProcessEnd } from './trainer-process';

/** What is known of an attempt when its process has gone. */
export interface AttemptFacts {
  /** How the trainer itself said that it ended. */
  finished?: 'completed' | 'stopped' | undefined;
  /** Why it ended before its last epoch, where it did so by itself. */
  finishedBecause?: string | undefined;
  /** What the trainer said went wrong. */
  failure?: string | undefined;
  lastErrorLine?: string | undefined;
  /** Somebody asked for the end. */
  isStopping: boolean;
  /** The server hands its runs over, for this reason. */
  handOver?: string | undefined;
  /** It did not end in time and was killed by the server. */
  wasKilledLate: boolean;
}

export interface RunOutcome {
  status: 'completed' | 'stopped' | 'failed' | 'interrupted';
  message: string;
  error?: string;
}

const stateIsLost = 'What it learned since its last checkpoint is lost.';

/**
 * How a run ended whose process is gone. A trainer that says what is wrong has failed, and would fail again; one that
 * was cut off has been interrupted, and can go on.
 */
export function outcomeOf(end: ProcessEnd, facts: AttemptFacts): RunOutcome {
  const { finished, failure, handOver } = facts;
  const isClean = end.exitCode === 0 && failure === undefined;
  if (isClean && finished === 'completed')
    return { status: 'completed', message: facts.finishedBecause ?? 'Training completed.' };
  if (failure !== undefined) return { status: 'failed', message: 'Training failed.', error: failure };
  const cutOff = cutOffBy(end, facts);
  // A program of somebody else may end with any code when it is asked to.
  if (facts.isStopping && finished === 'stopped' && !facts.wasKilledLate)
    return { status: 'stopped', message: 'Training was stopped.' };
  if (facts.isStopping && cutOff)
    return { status: 'stopped', message: `Training was stopped. ${cutOff} ${stateIsLost}` };
  if (handOver !== undefined) return { status: 'interrupted', message: cutOff ? `${handOver} ${cutOff}` : handOver };
  if (isClean && finished === 'stopped') {
    return { status: 'interrupted', message: 'The trainer was told to end from outside; its state is saved.' };
  }
  if (cutOff) return { status: 'interrupted', message: cutOff };
  return { status: 'failed', message: 'Training failed.', error: describeEnd(end, facts.lastErrorLine) };
}

/** In words, where the process did not end by itself; what it said last may tell why. */
function cutOffBy(end: ProcessEnd, { wasKilledLate, lastErrorLine }: AttemptFacts): string | undefined {
  if (wasKilledLate) return 'The trainer did not end in time and was killed.';
  if (!end.signal) return undefined;
  const words = describeEnd(end, lastErrorLine);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
