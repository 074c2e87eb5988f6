import type {
  Checkpoint,
  EventMessage,
  LogEntry,
  MetricHistory,
  QualityUpdate,
  Run,
  RunEventData,
  RunMessage,
  WireNumber,
} from '@gan-dashboard/shared-types';
import { applySnapshot, applyToRun } from '../runs/run-state';
import { mergeLines } from './log-lines';
import { appendPoints, noPoints, pointsFromHistory } from './metric-points';
import { mergeQuality } from './quality/quality-points';
import type { MetricPoints, MetricSample } from './metric-points';

/** An event tells less of a checkpoint than the list. */
export type CheckpointInfo = Pick<Checkpoint, 'id' | 'epoch' | 'step' | 'size_bytes'> & Partial<Checkpoint>;
export type ProgressInfo = RunEventData<'progress'>;
export type Completion = RunEventData<'training_complete'>;

/** All that is shown of one run. Values are never changed, only replaced. */
export interface RunPicture {
  readonly run: Run;
  readonly series: ReadonlyMap<string, MetricPoints>;
  readonly log: readonly LogEntry[];
  readonly checkpoints: readonly CheckpointInfo[];
  /** What was measured of the rows, in the order of steps. */
  readonly quality: readonly QualityUpdate[];
  readonly start: RunEventData<'training_start'> | null;
  readonly progress: ProgressInfo | null;
  readonly completion: Completion | null;
  /** Steps a second between the last two progress messages; null before. */
  readonly stepsPerSecond: number | null;
}

/** What the REST calls of one reading brought; the run was read first. */
export interface RunHistory {
  run: Run;
  metrics: MetricHistory;
  log: readonly LogEntry[];
  checkpoints: readonly Checkpoint[];
  quality?: readonly QualityUpdate[];
  /** The first and the newest events of the run, for what only events tell: start, phase, outcome. */
  tail: readonly RunMessage[];
}

/** Lines that were read on demand before a new reading stay. */
export function pictureFromHistory(history: RunHistory, earlierLog: readonly LogEntry[] = []): RunPicture {
  const blank: RunPicture = {
    run: history.run,
    series: new Map(history.metrics.series.map((series) => [series.name, pointsFromHistory(series)])),
    log: mergeLines(joined(earlierLog, history.log), history.log),
    checkpoints: history.checkpoints,
    quality: mergeQuality([], history.quality ?? []),
    start: null,
    progress: null,
    completion: null,
    stepsPerSecond: null,
  };
  return history.tail.reduce(describe, blank);
}

/** Lines held from before are only of use where they reach the ones just read. */
function joined(earlier: readonly LogEntry[], read: readonly LogEntry[]): readonly LogEntry[] {
  const first = read[0]?.line ?? 1;
  const last = earlier.at(-1)?.line ?? 0;
  return last >= first - 1 ? earlier : [];
}

/**
 * Applies messages in order. History and stream overlap: messages up to `run.last_seq` are in the history, and of
 * later ones the metrics and lines that were read after the run may be too; those are known by step and line.
 */
export function applyMessages(picture: RunPicture, messages: readonly EventMessage[]): RunPicture {
  const ofRun = messages.filter((message) => message.type !== 'heartbeat' && message.run_id === picture.run.id);
  const fresh = ofRun.filter((message) => 'seq' in message && message.seq > picture.run.last_seq) as RunMessage[];
  const run = ofRun.reduce(
    (state, message) => ('seq' in message ? applyToRun(state, message) : applySnapshot(state, message)),
    picture.run,
  );
  return {
    ...fresh.reduce(describe, picture),
    run,
    series: withUpdates(picture.series, fresh),
    log: mergeLines(
      picture.log,
      fresh.flatMap((message) => (message.type === 'log_entry' ? [message.data] : [])),
    ),
  };
}

/** What only the newest message of a kind tells. */
function describe(picture: RunPicture, message: RunMessage): RunPicture {
  switch (message.type) {
    case 'training_start':
      return { ...picture, start: message.data };
    case 'progress':
      return { ...picture, progress: message.data, stepsPerSecond: rateOf(picture, message.data) };
    case 'training_complete':
      return { ...picture, completion: message.data };
    case 'checkpoint_saved':
      return { ...picture, checkpoints: withCheckpoint(picture.checkpoints, message.data, message.timestamp) };
    case 'quality_update':
      return { ...picture, quality: mergeQuality(picture.quality, [message.data]) };
    case 'status_update':
    case 'training_update':
    case 'sample_generation_complete':
    case 'sample_generation_error':
    case 'resource_update':
    case 'health_alert':
    case 'log_entry':
      return picture;
  }
}

function rateOf(picture: RunPicture, next: ProgressInfo): number | null {
  const before = picture.progress;
  if (before?.step === undefined || next.step === undefined) return null;
  const seconds = next.elapsed_seconds - before.elapsed_seconds;
  return seconds > 0 && next.step > before.step ? (next.step - before.step) / seconds : picture.stepsPerSecond;
}

function withCheckpoint(
  known: readonly CheckpointInfo[],
  saved: RunEventData<'checkpoint_saved'>,
  at: string,
): readonly CheckpointInfo[] {
  if (known.some((checkpoint) => checkpoint.id === saved.checkpoint_id)) return known;
  const { checkpoint_id: id, epoch, step, size_bytes } = saved;
  return [{ id, epoch, step, size_bytes, created_at: at }, ...known];
}

function withUpdates(
  series: ReadonlyMap<string, MetricPoints>,
  messages: readonly RunMessage[],
): ReadonlyMap<string, MetricPoints> {
  const samples = new Map<string, MetricSample[]>();
  for (const message of messages) {
    if (message.type !== 'training_update') continue;
    // 0, as in the history: the trainer does not count epochs.
    const { epoch = 0, step, total_epochs: _total, ...metrics } = message.data;
    for (const [name, value] of Object.entries<WireNumber | undefined>(metrics)) {
      if (value === undefined || name === 'total_epochs') continue;
      const list = samples.get(name) ?? [];
      list.push({ epoch, step, time: Date.parse(message.timestamp), value });
      samples.set(name, list);
    }
  }
  if (samples.size === 0) return series;
  const next = new Map(series);
  for (const [name, list] of samples) {
    next.set(name, appendPoints(next.get(name) ?? noPoints(name), list));
  }
  return next;
}
