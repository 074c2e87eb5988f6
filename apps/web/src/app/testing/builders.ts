import type {
  ConfigField,
  Dataset,
  EventMessage,
  LogEntry,
  MetricSeries,
  Run,
  RunMessage,
} from '@gan-dashboard/shared-types';
import { signal } from '@angular/core';
import { Subject } from 'rxjs';
import { LiveEvents } from '../live/live-events';
import type { ConnectionState, Sharing } from '../live/live-events';

export const runId = '11111111-1111-4111-8111-111111111111';
export const datasetId = '22222222-2222-4222-8222-222222222222';
export const at = '2026-11-23T10:00:00.000Z';

export function aRun(partial: Partial<Run> = {}): Run {
  return {
    id: runId,
    created_at: at,
    created_by: 'local',
    name: 'baseline',
    status: 'running',
    model: 'gan',
    config: {},
    dataset_id: datasetId,
    seed: 42,
    epoch: 0,
    total_epochs: 10,
    progress_percent: 0,
    eta_seconds: null,
    started_at: at,
    ended_at: null,
    tags: [],
    notes: '',
    summary: {},
    error: null,
    parent_run_id: null,
    parent_checkpoint_id: null,
    origin: 'dashboard',
    priority: 0,
    on_interruption: 'auto',
    attempt: 1,
    worker_id: null,
    queue_position: null,
    expected_start_at: null,
    archived: false,
    last_seq: 0,
    ...partial,
  };
}

export function aDataset(partial: Partial<Dataset> = {}): Dataset {
  return {
    id: datasetId,
    created_at: at,
    created_by: 'local',
    name: 'order book',
    file_name: 'order_book.csv',
    origin: 'folder',
    status: 'ready',
    error: null,
    size_bytes: 1_000,
    sha256: 'ab'.repeat(32),
    row_count: 500,
    rejected_row_count: 0,
    reading: null,
    structure: null,
    columns: [{ name: 'price', type: 'number', role: 'numeric', missing: 0, distinct: 9 }],
    warnings: [],
    ...partial,
  };
}

export function aField(partial: Partial<ConfigField> = {}): ConfigField {
  return {
    name: 'epochs',
    title: 'Epochs',
    description: 'Passes over the data.',
    kind: 'integer',
    default: 100,
    minimum: 1,
    maximum: 10_000,
    is_advanced: false,
    ...partial,
  };
}

/** The end of an epoch; one step an epoch. */
export function anUpdate(seq: number, epoch: number, generatorLoss: number | 'NaN' = epoch / 10): RunMessage {
  return {
    type: 'training_update',
    run_id: runId,
    seq,
    timestamp: at,
    data: { epoch, total_epochs: 10, step: epoch, generator_loss: generatorLoss },
  };
}

export function aLogEntry(line: number): LogEntry {
  return { message: `line ${line}`, source: 'training', level: 'info', line, timestamp: at };
}

export function aLogMessage(seq: number, line: number): RunMessage {
  return { type: 'log_entry', run_id: runId, seq, timestamp: at, data: aLogEntry(line) };
}

export function aSeries(name: string, values: (number | 'NaN')[]): MetricSeries {
  const steps = values.map((_, index) => index + 1);
  return {
    name,
    is_complete: true,
    step: steps,
    epoch: steps,
    time: values.map(() => at),
    min: values,
    max: values,
    last: values,
  };
}

/** A stream that says what a test lets it say. */
export class FakeLiveEvents extends LiveEvents {
  override readonly state = signal<ConnectionState>({ kind: 'live' });
  override readonly lastHeardAt = signal<number | null>(null);
  override readonly delayMs = signal<number | null>(null);
  override readonly missedCount = signal(0);
  override readonly sharing = signal<Sharing | null>(null);
  override readonly messages = new Subject<EventMessage>();
  override readonly resync = new Subject<void>();
  starts = 0;
  reconnects = 0;

  override start(): void {
    this.starts += 1;
  }

  override reconnectNow(): void {
    this.reconnects += 1;
  }
}
