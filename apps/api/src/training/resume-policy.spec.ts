import { describe, expect, it } from 'vitest';
import { eventsOfInterruption, maxFruitlessAttempts } from './resume-policy';

const statusesOf = (run: Parameters<typeof eventsOfInterruption>[0]) => {
  const { events, isQueued } = eventsOfInterruption(run, 'The process is gone.');
  const updates = events.flatMap(({ type, data }) => (type === 'status_update' ? [data] : []));
  return { statuses: updates.map(({ status }) => status), message: updates[0]?.message, isQueued };
};

describe('what becomes of an interrupted run', () => {
  it('auto: it is queued again', () => {
    expect(statusesOf({ onInterruption: 'auto', fruitlessAttempts: maxFruitlessAttempts - 1 })).toEqual({
      statuses: ['interrupted', 'queued'],
      message: 'The process is gone.',
      isQueued: true,
    });
  });

  it('auto, but attempt after attempt leads nowhere: it stays, and says so', () => {
    const { statuses, message, isQueued } = statusesOf({ onInterruption: 'auto', fruitlessAttempts: 3 });
    expect([statuses, isQueued]).toEqual([['interrupted'], false]);
    expect(message).toContain('3 attempts in a row');
  });

  it('ask, never: it stays, with the way out', () => {
    expect(statusesOf({ onInterruption: 'ask', fruitlessAttempts: 0 })).toMatchObject({
      statuses: ['interrupted'],
      message: expect.stringContaining('Resume it'),
    });
    expect(statusesOf({ onInterruption: 'never', fruitlessAttempts: 0 })).toMatchObject({
      statuses: ['interrupted'],
      message: expect.stringContaining('Fork or retry'),
    });
  });
});
