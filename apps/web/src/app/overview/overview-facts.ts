import type { Run, Worker } from '@gan-dashboard/shared-types';
import { formatBytes } from '../design/format';
import { isActive } from '../runs/run-state';

export interface OverviewLists {
  /** At work, paused ones included, in the order of their start. */
  running: Run[];
  /** The next first. */
  queue: Run[];
  /** The newest first. */
  failures: Run[];
  /** Runs at work whose training does not go well. */
  alerts: Run[];
}

const failuresShown = 5;

/** What the overview shows of the runs. */
export function overviewOf(runs: readonly Run[]): OverviewLists {
  const running = runs
    .filter((run) => isActive(run.status) && run.status !== 'queued')
    .toSorted((a, b) => (a.started_at ?? a.created_at).localeCompare(b.started_at ?? b.created_at));
  return {
    running,
    queue: runs
      .filter((run) => run.status === 'queued')
      .toSorted((a, b) => place(a) - place(b) || a.created_at.localeCompare(b.created_at)),
    failures: runs
      .filter((run) => (run.status === 'failed' || run.status === 'interrupted') && !run.archived)
      .toSorted((a, b) => endOf(b).localeCompare(endOf(a)))
      .slice(0, failuresShown),
    alerts: running.filter((run) => run.health && run.health.severity !== 'ok'),
  };
}

function place(run: Run): number {
  return run.queue_position ?? Number.MAX_SAFE_INTEGER;
}

function endOf(run: Run): string {
  return run.ended_at ?? run.created_at;
}

export interface DiskUse {
  host: string;
  usedBytes: number;
  totalBytes: number;
  percent: number;
  text: string;
  /** Empty while there is room. */
  warning: string;
}

/** Above this share, a checkpoint or an upload may soon find no room. */
const fullPercent = 90;

/** The disk that holds the data folder, of each machine that has told; several processes of one machine share it. */
export function diskUses(workers: readonly Worker[]): DiskUse[] {
  const byHost = new Map<string, DiskUse>();
  for (const { host, is_alive: isAlive, load } of workers) {
    const { disk_used_bytes: usedBytes, disk_total_bytes: totalBytes } = load;
    if (!isAlive || usedBytes === undefined || !totalBytes || byHost.has(host)) continue;
    const percent = (usedBytes / totalBytes) * 100;
    const free = formatBytes(totalBytes - usedBytes);
    byHost.set(host, {
      host,
      usedBytes,
      totalBytes,
      percent,
      text: `${formatBytes(usedBytes)} of ${formatBytes(totalBytes)} used, ${free} free`,
      warning:
        percent < fullPercent
          ? ''
          : `The disk of ${host} is nearly full (${free} free): delete runs, samples or data sets that are no longer needed.`,
    });
  }
  return [...byHost.values()];
}
