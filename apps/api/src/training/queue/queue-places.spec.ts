import { describe, expect, it } from 'vitest';
import { queuePlaces } from './queue-places';
import type { QueueState } from './queue-places';

const now = new Date('2026-11-23T10:00:00.000Z');
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

function places(state: Partial<QueueState>): (Date | undefined)[] {
  const queued = state.queued ?? ['first', 'second', 'third'];
  const found = queuePlaces({ workers: [], working: [], now, ...state, queued });
  expect([...found.values()].map(({ position }) => position)).toEqual(queued.map((_, index) => index + 1));
  return queued.map((id) => found.get(id)?.expectedStartAt);
}

describe('queuePlaces', () => {
  it('numbers the runs, and expects none to start where nobody takes runs', () => {
    expect(places({})).toEqual([undefined, undefined, undefined]);
  });

  it('expects runs in free slots at once, and says nothing of those that wait for waiting ones', () => {
    expect(places({ workers: [{ workerId: 'a', slots: 2 }] })).toEqual([now, now, undefined]);
  });

  it('hands slots out in the order in which the runs at work end, over all workers', () => {
    const workers = [
      { workerId: 'a', slots: 2 },
      { workerId: 'b', slots: 1 },
    ];
    const working = [
      { workerId: 'a', etaSeconds: 90 },
      { workerId: 'a', etaSeconds: 30 },
      { workerId: 'b', etaSeconds: 60 },
    ];
    expect(places({ workers, working })).toEqual([inSeconds(30), inSeconds(60), inSeconds(90)]);
  });

  it('leaves slots out whose run does not say how long it takes', () => {
    const working = [
      { workerId: 'a', etaSeconds: null },
      { workerId: 'a', etaSeconds: 20 },
    ];
    expect(places({ workers: [{ workerId: 'a', slots: 2 }], working })).toEqual([inSeconds(20), undefined, undefined]);
  });

  it('counts no slot of a worker that has gone or drains', () => {
    const working = [{ workerId: 'gone', etaSeconds: 5 }];
    expect(places({ workers: [{ workerId: 'a', slots: 1 }], working })).toEqual([now, undefined, undefined]);
  });

  it('waits for room where a worker has more runs than slots', () => {
    const working = [
      { workerId: 'a', etaSeconds: 10 },
      { workerId: 'a', etaSeconds: 40 },
    ];
    expect(places({ workers: [{ workerId: 'a', slots: 1 }], working })[0]).toEqual(inSeconds(40));
  });

  it('never expects a start in the past', () => {
    const working = [{ workerId: 'a', etaSeconds: -3 }];
    expect(places({ workers: [{ workerId: 'a', slots: 1 }], working })[0]).toEqual(now);
  });
});
