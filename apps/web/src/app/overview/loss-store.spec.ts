import { TestBed } from '@angular/core/testing';
import type { MetricHistory } from '@gan-dashboard/shared-types';
import { RunsApi } from '../api/runs-api';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aSeries, anUpdate, runId } from '../testing/builders';
import { LossStore } from './loss-store';

function setUp() {
  const live = new FakeLiveEvents();
  const metrics = vi.fn<(id: string) => Promise<MetricHistory>>();
  metrics.mockResolvedValue({ series: [aSeries('generator_loss', [0.3, 0.2])] });
  TestBed.configureTestingModule({
    providers: [LossStore, { provide: LiveEvents, useValue: live }, { provide: RunsApi, useValue: { metrics } }],
  });
  return { store: TestBed.inject(LossStore), live, metrics };
}

describe('LossStore', () => {
  it('goes on from the history with what the stream brings', async () => {
    const { store, live } = setUp();
    store.show([runId]);
    await vi.waitFor(() => expect(store.of(runId).generator_loss.value).toEqual([0.3, 0.2]));
    live.messages.next(anUpdate(9, 2, 0.9));
    live.messages.next(anUpdate(10, 3, 0.1));
    await vi.waitFor(() => expect(store.of(runId).generator_loss.value).toEqual([0.3, 0.2, 0.1]));
    expect(store.of(runId).discriminator_loss.value).toEqual([]);
  });

  it('reads again what may have been lost, and only what is shown', async () => {
    const { store, live, metrics } = setUp();
    store.show([runId]);
    await vi.waitFor(() => expect(store.of(runId).generator_loss.value).toHaveLength(2));
    live.resync.next();
    expect(metrics).toHaveBeenCalledTimes(2);
    store.show([]);
    live.resync.next();
    expect(metrics).toHaveBeenCalledTimes(2);
    expect(store.of(runId).generator_loss.value).toEqual([]);
  });

  it('says that a history could not be read', async () => {
    const { store, metrics } = setUp();
    metrics.mockRejectedValueOnce(new Error('away'));
    store.show([runId]);
    await vi.waitFor(() => expect(store.failed().has(runId)).toBe(true));
  });
});
