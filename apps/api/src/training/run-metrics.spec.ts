import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { RunSnapshot } from '../events/run-directory';
import { RunMetrics } from './run-metrics';

const run = (status: RunSnapshot['status']): RunSnapshot => ({ runId: 'r', status, message: '', lastSeq: 0 });

async function scrape(active: () => Promise<RunSnapshot[]>): Promise<string> {
  const registry = new Registry();
  new RunMetrics(registry, { active, snapshot: () => Promise.resolve(undefined) });
  return registry.metrics();
}

describe('RunMetrics', () => {
  it('counts active runs by status, also those states that none is in', async () => {
    const text = await scrape(() => Promise.resolve([run('queued'), run('running'), run('running')]));
    expect(text).toContain('gan_dashboard_runs{status="running"} 2');
    expect(text).toContain('gan_dashboard_runs{status="queued"} 1');
    expect(text).toContain('gan_dashboard_runs{status="paused"} 0');
  });

  it('says nothing of runs while the database is away', async () => {
    const text = await scrape(() => Promise.reject(new Error('away')));
    expect(text).toContain('# TYPE gan_dashboard_runs gauge');
    expect(text).not.toContain('gan_dashboard_runs{');
  });
});
