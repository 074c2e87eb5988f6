import { TestBed } from '@angular/core/testing';
import type { ManyMetrics } from '@gan-dashboard/shared-types';
import { ApiProblem } from '../api/api-problem';
import { ManyRunsApi } from '../runs/many-runs-api';
import { aSeries } from '../testing/builders';
import { ComparedSeries } from './compared-series';

type Items = ManyMetrics['items'];

const all = ['generator_loss', 'discriminator_loss', 'fake_scores', 'cpu_percent'];

/** Answers with all metrics that are asked for; each request waits in `release` where `holds`. */
function setUp({ holds = false } = {}) {
  const asked: string[] = [];
  const release: (() => void)[] = [];
  const metrics = vi.fn(async (ids: readonly string[], names: readonly string[] = []): Promise<Items> => {
    asked.push(`${ids.join('+')}: ${names.join(' ') || 'all'}`);
    if (holds) await new Promise<void>((resolve) => release.push(resolve));
    const answered = names.length === 0 ? all : names;
    return ids.map((id) => ({ run_id: id, series: answered.map((name) => aSeries(name, [1])) }));
  });
  TestBed.configureTestingModule({ providers: [ComparedSeries, { provide: ManyRunsApi, useValue: { metrics } }] });
  return { series: TestBed.inject(ComparedSeries), asked, release, metrics };
}

describe('series of compared runs', () => {
  it('are read for the losses first, and what else there is becomes known after them', async () => {
    const { series, asked } = setUp();
    await series.open(['a', 'b']);
    expect(asked).toEqual(['a+b: generator_loss discriminator_loss', 'a+b: all']);
    expect([...series.byMetric().keys()]).toEqual(['generator_loss', 'discriminator_loss']);
    expect(series.byMetric().get('generator_loss')).toEqual([
      { run_id: 'a', series: [aSeries('generator_loss', [1])] },
      { run_id: 'b', series: [aSeries('generator_loss', [1])] },
    ]);
    expect(series.names()).toEqual(all);
  });

  it('are read together where they come into sight together, and once', async () => {
    const { series, asked } = setUp();
    await series.open(['a']);
    for (const name of ['fake_scores', 'cpu_percent', 'fake_scores', 'generator_loss']) series.want(name);
    await vi.waitFor(() => expect(series.byMetric().has('cpu_percent')).toBe(true));
    expect(asked.slice(2)).toEqual(['a: fake_scores cpu_percent']);
  });

  it('are not those of runs that were compared before', async () => {
    const { series, release } = setUp({ holds: true });
    const first = series.open(['a']);
    const second = series.open(['b']);
    release.splice(0).forEach((answer) => answer());
    await first;
    await vi.waitFor(() => expect(release).toHaveLength(1));
    release.splice(0).forEach((answer) => answer());
    await second;
    expect(
      series
        .byMetric()
        .get('generator_loss')
        ?.map(({ run_id: id }) => id),
    ).toEqual(['b']);
  });

  it('say why they could not be read', async () => {
    const { series, metrics } = setUp();
    const problem = new ApiProblem(503, 'Service unavailable', 'The database is gone.', 'Try again.');
    metrics.mockRejectedValueOnce(problem);
    await series.open(['a']);
    expect(series.problem()).toBe(problem);
    await series.open(['a']);
    expect(series.problem()).toBeNull();
  });
});
