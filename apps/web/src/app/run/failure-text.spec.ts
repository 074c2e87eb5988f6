import { failureText } from './failure-text';
import type { Completion } from './run-picture';

const completion: Completion = { status: 'failed', message: 'ended', return_code: 1, duration_seconds: 1 };

describe('failureText', () => {
  it('is silent on runs that did not fail', () => {
    expect(failureText({ status: 'completed', error: null }, null)).toBeNull();
    expect(failureText({ status: 'stopped', error: null }, null)).toBeNull();
  });

  it('names the reason and the return code', () => {
    const text = failureText({ status: 'failed', error: 'losses are NaN' }, completion);
    expect(text).toMatchObject({ reason: 'losses are NaN', ending: 'Return code 1' });
  });

  it('knows what a killed process most often means', () => {
    const text = failureText(
      { status: 'failed', error: null },
      { ...completion, return_code: null, signal: 'SIGKILL' },
    );
    expect(text?.ending).toBe('Ended by signal SIGKILL');
    expect(text?.advice).toContain('memory');
  });
});
