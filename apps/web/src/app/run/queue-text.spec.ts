import { aRun, at } from '../testing/builders';
import { queueText } from './queue-text';

const now = Date.parse(at);
const queued = (partial: { queue_position?: number | null; expected_start_at?: string | null }) =>
  queueText(aRun({ status: 'queued', ...partial }), now);

describe('queueText', () => {
  it('names the place and the expected start', () => {
    expect(queued({ queue_position: 3, expected_start_at: new Date(now + 125_000).toISOString() })).toMatch(
      /^Place 3 in the queue, expected to start in 2 min 05 s \(\d\d:\d\d:\d\d\)\.$/,
    );
    expect(queued({ queue_position: 1, expected_start_at: at })).toBe('Next in the queue, to start at any moment.');
  });

  it('does not invent what is not known', () => {
    expect(queued({ queue_position: 2 })).toBe('Place 2 in the queue. When it starts is not known yet.');
    expect(queued({})).toBe('Waiting for a free place.');
    expect(queueText(aRun(), now)).toBe('');
  });
});
