import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Run } from '@gan-dashboard/shared-types';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aLogEntry, aLogMessage, aRun, aSeries, anUpdate, runId } from '../testing/builders';
import { OpenRunStore } from './open-run-store';

describe('OpenRunStore', () => {
  let store: OpenRunStore;
  let live: FakeLiveEvents;
  let http: HttpTestingController;
  const at = (path: string) => `api/v1/runs/${runId}${path}`;

  beforeEach(() => {
    live = new FakeLiveEvents();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), { provide: LiveEvents, useValue: live }],
    });
    store = TestBed.inject(OpenRunStore);
    http = TestBed.inject(HttpTestingController);
  });

  /** Answers one reading of the history, of `epochs` epochs with one log line each. */
  async function answerHistory(run: Run, epochs: number): Promise<void> {
    const numbers = Array.from({ length: epochs }, (_, index) => index + 1);
    http.expectOne(at('')).flush(run);
    const answer = async (path: string, body: object) => {
      const request = await vi.waitFor(() => http.expectOne((each) => each.url === at(path)));
      request.flush(body);
    };
    await answer('/metrics', {
      series: [
        aSeries(
          'generator_loss',
          numbers.map((number) => number / 10),
        ),
      ],
    });
    await answer('/logs', { items: numbers.map(aLogEntry), total_lines: epochs, next_line: null });
    await answer('/checkpoints', { items: [], next_cursor: null });
    await answer('/quality', { items: [], total: 0, is_complete: true });
    await answer('/events', { items: [], next_after: null });
  }

  const epochs = () => store.picture()?.series.get('generator_loss')?.epoch;
  const lines = () => store.picture()?.log.map((entry) => entry.line);

  it('holds back what the stream brings until the history is there, then goes on from it', async () => {
    store.open(runId);
    for (const message of [anUpdate(4, 2), aLogMessage(5, 2), anUpdate(6, 3), aLogMessage(7, 3)]) {
      live.messages.next(message);
    }
    await vi.waitFor(() => expect(store.lastEventAt()).not.toBeNull());
    expect(store.picture()).toBeNull();
    await answerHistory(aRun({ last_seq: 5, epoch: 2 }), 2);
    await vi.waitFor(() => expect(epochs()).toEqual([1, 2, 3]));
    expect(lines()).toEqual([1, 2, 3]);
    live.messages.next(anUpdate(8, 4));
    await vi.waitFor(() => expect(epochs()).toEqual([1, 2, 3, 4]));
    expect(store.picture()?.run.last_seq).toBe(8);
  });

  it('reads the history again after a loss, and what was shown stays meanwhile', async () => {
    store.open(runId);
    await answerHistory(aRun({ last_seq: 2, epoch: 1 }), 1);
    await vi.waitFor(() => expect(epochs()).toEqual([1]));
    live.resync.next();
    expect(epochs()).toEqual([1]);
    http.expectOne((request) => request.url === 'api/v1/runs').flush({ items: [], next_cursor: null });
    live.messages.next(anUpdate(11, 5));
    await answerHistory(aRun({ last_seq: 10, epoch: 4 }), 4);
    await vi.waitFor(() => expect(epochs()).toEqual([1, 2, 3, 4, 5]));
    expect(lines()).toEqual([1, 2, 3, 4]);
  });

  it('reads the start of a long run, which its newest events no longer hold', async () => {
    const start = {
      type: 'training_start',
      run_id: runId,
      seq: 3,
      timestamp: '2026-11-23T10:00:00.000Z',
      data: {
        status: 'started',
        message: 'Training has started.',
        config: {},
        data_source: 'book.csv',
        model: 'gan',
        total_epochs: 300,
        parameters: { generator: 40, critic: 2 },
        seed: 42,
      },
    };
    store.open(runId);
    http.expectOne(at('')).flush(aRun({ last_seq: 900 }));
    const waiting = await vi.waitFor(() => {
      const requests = http.match((each) => each.url.startsWith(at('/')));
      expect(requests.length).toBeGreaterThan(0);
      return requests;
    });
    const asked = waiting.filter(({ request }) => request.url === at('/events'));
    expect(asked.map(({ request }) => request.params.get('after'))).toEqual(['0', '800']);
    const bodies: Record<string, object> = {
      [at('/metrics')]: { series: [] },
      [at('/logs')]: { items: [], total_lines: 0, next_line: null },
      [at('/checkpoints')]: { items: [], next_cursor: null },
      [at('/quality')]: { items: [], total: 0, is_complete: true },
    };
    for (const each of waiting) {
      const { url, params } = each.request;
      each.flush(bodies[url] ?? { items: params.get('after') === '0' ? [start] : [], next_after: null });
    }
    await vi.waitFor(() => expect(store.picture()?.start?.parameters).toEqual({ generator: 40, critic: 2 }));
  });

  it('says why a run can not be shown', async () => {
    store.open(runId);
    http
      .expectOne(at(''))
      .flush(
        { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no such run.' },
        { status: 404, statusText: 'Not Found' },
      );
    await vi.waitFor(() => expect(store.problem()?.detail).toBe('There is no such run.'));
    expect(store.problem()?.advice).toContain('deleted');
    expect(store.picture()).toBeNull();
  });
});
