import type { HealthAlert, Worker } from '@gan-dashboard/shared-types';
import { aRun, at } from '../testing/builders';
import { diskUses, overviewOf } from './overview-facts';

const collapse: HealthAlert = {
  verdict: 'mode_collapse',
  severity: 'warning',
  message: 'The rows are alike.',
  rule: 'coverage below 0.3',
  numbers: {},
  advice: [],
  epoch: 3,
  step: 30,
};

function aWorker(partial: Partial<Worker> = {}): Worker {
  return {
    id: '33333333-3333-4333-8333-333333333333',
    created_at: at,
    host: 'box',
    process_id: 1,
    role: 'all',
    is_alive: true,
    is_draining: false,
    cores: 2,
    memory_bytes: 8e9,
    slots: 1,
    run_ids: [],
    versions: {},
    load: { disk_used_bytes: 50e9, disk_total_bytes: 100e9 },
    load_at: at,
    ...partial,
  };
}

const ids = (runs: readonly { id: string }[]) => runs.map(({ id }) => id);

describe('overviewOf', () => {
  it('puts each run where it belongs, the next of the queue first', () => {
    const runs = [
      aRun({ id: 'second', status: 'queued', queue_position: 2 }),
      aRun({ id: 'first', status: 'queued', queue_position: 1 }),
      aRun({ id: 'unplaced', status: 'queued', queue_position: null }),
      aRun({ id: 'paused', status: 'paused', started_at: '2026-11-23T11:00:00.000Z' }),
      aRun({ id: 'running', started_at: '2026-11-23T10:00:00.000Z' }),
      aRun({ id: 'done', status: 'completed' }),
    ];
    const { running, queue, failures } = overviewOf(runs);
    expect(ids(running)).toEqual(['running', 'paused']);
    expect(ids(queue)).toEqual(['first', 'second', 'unplaced']);
    expect(failures).toEqual([]);
  });

  it('shows the last five failures by their end, without archived ones', () => {
    const failed = [1, 2, 3, 4, 5, 6].map((hour) =>
      aRun({ id: `failed ${hour}`, status: 'failed', ended_at: `2026-11-23T0${hour}:00:00.000Z` }),
    );
    const archived = aRun({ id: 'archived', status: 'failed', archived: true, ended_at: at });
    expect(ids(overviewOf([...failed, archived]).failures)).toEqual([
      'failed 6',
      'failed 5',
      'failed 4',
      'failed 3',
      'failed 2',
    ]);
  });

  it('warns of trainings that go badly as long as they are at work', () => {
    const runs = [
      aRun({ id: 'bad', health: collapse }),
      aRun({ id: 'good', health: { ...collapse, verdict: 'balanced', severity: 'ok' } }),
      aRun({ id: 'over', status: 'stopped', health: collapse }),
    ];
    expect(ids(overviewOf(runs).alerts)).toEqual(['bad']);
  });
});

describe('diskUses', () => {
  it('tells each machine once, and nothing of what was not measured or has gone', () => {
    const uses = diskUses([
      aWorker(),
      aWorker({ process_id: 2 }),
      aWorker({ host: 'silent', load: {} }),
      aWorker({ host: 'gone', is_alive: false }),
    ]);
    expect(uses).toMatchObject([{ host: 'box', percent: 50, warning: '' }]);
    expect(uses[0]?.text).toBe('50.0 GB of 100 GB used, 50.0 GB free');
  });

  it('warns before there is no room', () => {
    const [use] = diskUses([aWorker({ load: { disk_used_bytes: 95e9, disk_total_bytes: 100e9 } })]);
    expect(use?.warning).toContain('5.0 GB free');
  });
});
