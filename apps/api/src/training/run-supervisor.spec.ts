import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  CheckpointFile,
  NewRunEvent,
  RunEventData,
  WorkerCommand,
  WorkerMessage,
} from '@gan-dashboard/shared-types';
import type { RunLogWriter } from '../events/run-log-writer';
import { statusEvent } from './run-events';
import { RunSupervisor } from './run-supervisor';
import type { Interruption } from './run-supervisor';
import type { Trainer } from './trainer';
import type { ProcessEnd, TrainerProcessEvents } from './trainer-process';

const killed: ProcessEnd = { exitCode: null, signal: 'SIGKILL' };

/** A trainer that does nothing by itself, and a log that keeps what it is told. */
class Stage {
  readonly events: NewRunEvent[] = [];
  readonly commands: WorkerCommand['task'][] = [];
  readonly signals: string[] = [];
  readonly interruptions: Interruption[] = [];
  fruitful = 0;
  /** Undefined where nothing tells which one is best. */
  best: { id: string } | undefined;
  ended = 0;
  readonly supervisor: RunSupervisor;
  private trainer: TrainerProcessEvents | undefined;

  constructor(can = { pause: true, checkpoint: true }, progressPercent = 0) {
    const writer: Pick<RunLogWriter, 'record' | 'flushed'> = {
      record: (event) => void this.events.push(event),
      flushed: () => Promise.resolve(),
    };
    this.supervisor = new RunSupervisor({
      task: {
        task: 'train',
        run_id: '00000000-0000-4000-8000-000000000001',
        model: 'wgan-gp',
        config: {},
        seed: 1,
        data: { parquet_path: 'rows.parquet', source_name: 'rows.csv', columns: [] },
        checkpoint_folder: 'folder',
      },
      start: (_task, events) => this.start(events, can),
      progressPercent,
      writer: writer as RunLogWriter,
      bestCheckpoint: () => Promise.resolve(this.best),
      saveCheckpoint: ({ step }) =>
        step < 0 ? Promise.reject(new Error('the disk is full')) : Promise.resolve({ id: `checkpoint ${step}` }),
      onFruitful: () => this.fruitful++,
      afterInterruption: (interruption) => {
        this.interruptions.push(interruption);
        return Promise.resolve([statusEvent('interrupted', interruption.reason)]);
      },
      onEnded: () => this.ended++,
    });
  }

  say(...messages: WorkerMessage[]): void {
    for (const message of messages) this.trainer?.onMessage(message, new Date());
  }

  async end(end: ProcessEnd): Promise<void> {
    this.trainer?.onEnd(end);
    await vi.waitFor(() => expect(this.ended).toBe(1));
  }

  run(): void {
    const data = { status: 'started', message: 'now', config: {}, data_source: 'rows.csv', model: 'wgan-gp' } as const;
    this.say({ kind: 'started', data: { ...data, total_epochs: 3, parameters: {}, seed: 1 } });
  }

  get statuses(): string[] {
    return this.events.flatMap((event) => (event.type === 'status_update' ? [event.data.status] : []));
  }

  dataOf<Type extends NewRunEvent['type']>(type: Type): RunEventData<Type>[] {
    return this.events.flatMap((event) => (event.type === type ? [event.data as RunEventData<Type>] : []));
  }

  private start(events: TrainerProcessEvents, can: Trainer['can']): Trainer {
    this.trainer = events;
    return {
      pid: 1,
      can,
      send: ({ task }) => void this.commands.push(task),
      kill: (signal) => void this.signals.push(signal),
    };
  }
}

const progressAt = (percent: number): WorkerMessage => ({
  kind: 'progress',
  data: { progress_percent: percent, phase: 'training', elapsed_seconds: 1, step: percent, epoch: 1 },
});
const checkpointAt = (step: number, reason: CheckpointFile['reason']): WorkerMessage => ({
  kind: 'checkpoint',
  data: { path: 'a', sha256: 'b', size_bytes: 3, epoch: 1, step, reason, metrics: {} },
});

describe('RunSupervisor', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  it('never lets progress fall, over attempts too', () => {
    const stage = new Stage(undefined, 40);
    stage.run();
    stage.say(progressAt(10), progressAt(50), progressAt(45));
    expect(stage.dataOf('progress').map(({ progress_percent }) => progress_percent)).toEqual([40, 50, 50]);
  });

  it('answers pause and resume when the trainer has done them', async () => {
    const stage = new Stage();
    stage.run();
    const paused = stage.supervisor.perform('pause');
    stage.say({ kind: 'paused', step: 3 });
    expect(await paused).toEqual({});
    expect(await stage.supervisor.perform('pause')).toEqual({});
    const resumed = stage.supervisor.perform('resume');
    stage.say({ kind: 'resumed', step: 3 });
    await resumed;
    expect([stage.commands, stage.statuses]).toEqual([
      ['pause', 'resume'],
      ['running', 'paused', 'running'],
    ]);
  });

  it('takes a pause back that has not begun', async () => {
    const stage = new Stage();
    stage.run();
    const paused = stage.supervisor.perform('pause');
    const refused = expect(paused).rejects.toThrow('before it had paused');
    expect(await stage.supervisor.perform('resume')).toEqual({});
    await refused;
  });

  it('answers a checkpoint with its id, or with why it could not be kept', async () => {
    const stage = new Stage();
    stage.run();
    const saved = stage.supervisor.perform('checkpoint');
    stage.say(checkpointAt(1, 'schedule'), checkpointAt(2, 'requested'));
    expect(await saved).toEqual({ checkpoint_id: 'checkpoint 2' });
    expect(stage.fruitful).toBe(1);
    const failed = expect(stage.supervisor.perform('checkpoint')).rejects.toThrow('the disk is full');
    stage.say(checkpointAt(-1, 'requested'));
    await failed;
  });

  it('refuses what the trainer or the state does not allow', async () => {
    const stage = new Stage({ pause: false, checkpoint: false });
    stage.run();
    await expect(stage.supervisor.perform('pause')).rejects.toThrow('cannot pause');
    await expect(stage.supervisor.perform('checkpoint')).rejects.toThrow('when it chooses');
    await stage.supervisor.perform('stop');
    await expect(stage.supervisor.perform('stop')).rejects.toThrow('stopping');
    await expect(stage.supervisor.perform('resume')).rejects.toThrow('stopping');
  });

  it('kills a trainer that does not stop in time, and says what is lost', async () => {
    const stage = new Stage();
    stage.run();
    await stage.supervisor.perform('stop');
    vi.advanceTimersByTime(29_000);
    expect(stage.signals).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(stage.signals).toEqual(['SIGKILL']);
    await stage.end(killed);
    expect(stage.statuses).toEqual(['running', 'stopping', 'stopped']);
    expect(stage.dataOf('training_complete')).toMatchObject([
      { status: 'stopped', message: expect.stringContaining('is lost') },
    ]);
  });

  it('passes on quality and health, and ends with the reason and the best checkpoint', async () => {
    const stage = new Stage();
    stage.run();
    const place = { epoch: 1, step: 20 };
    stage.say(
      { kind: 'quality', data: { state: 'measured', ...place, scores: {}, columns: [], is_best: true } },
      {
        kind: 'health',
        data: { verdict: 'balanced', severity: 'ok', message: 'fine', rule: 'else', numbers: {}, advice: [], ...place },
      },
      checkpointAt(1, 'best'),
      checkpointAt(2, 'end'),
      { kind: 'finished', outcome: 'completed', reason: 'Stopped early.' },
    );
    stage.best = { id: 'checkpoint 1' };
    await stage.end({ exitCode: 0, signal: null });
    expect(stage.dataOf('quality_update')).toMatchObject([{ is_best: true }]);
    expect(stage.dataOf('health_alert')).toMatchObject([{ verdict: 'balanced' }]);
    expect(stage.dataOf('training_complete')).toMatchObject([
      { status: 'completed', message: 'Stopped early.', best_checkpoint: 'checkpoint 1' },
    ]);
  });

  it('leaves a run that was cut off to its policy, and refuses what was still asked of it', async () => {
    const stage = new Stage();
    stage.run();
    const asked = expect(stage.supervisor.perform('checkpoint')).rejects.toThrow('ended before that');
    await stage.end(killed);
    await asked;
    expect(stage.interruptions).toMatchObject([{ isHandOver: false, wasPaused: false }]);
    expect(stage.dataOf('training_complete')).toEqual([]);
    expect(stage.statuses).toEqual(['running', 'interrupted']);
  });

  it('hands a paused run over as one', async () => {
    const stage = new Stage();
    stage.run();
    stage.say({ kind: 'paused', step: 3 });
    stage.supervisor.interrupt('The server was stopped.');
    stage.say({ kind: 'finished', outcome: 'stopped' });
    await stage.end({ exitCode: 0, signal: null });
    expect(stage.commands).toEqual(['stop']);
    expect(stage.interruptions).toEqual([{ reason: 'The server was stopped.', isHandOver: true, wasPaused: true }]);
  });

  it('lets a stop that somebody asked for be a stop, though the server goes down', async () => {
    const stage = new Stage();
    stage.run();
    await stage.supervisor.perform('stop');
    stage.supervisor.interrupt('The server was stopped.');
    stage.say({ kind: 'finished', outcome: 'stopped' });
    await stage.end({ exitCode: 0, signal: null });
    expect([stage.statuses.at(-1), stage.interruptions]).toEqual(['stopped', []]);
  });

  it('says nothing more once it is fenced', async () => {
    const stage = new Stage();
    stage.run();
    const before = stage.events.length;
    stage.supervisor.letGo('another process has the run');
    stage.say(progressAt(90), checkpointAt(4, 'schedule'));
    await expect(stage.supervisor.perform('stop')).rejects.toThrow('another process');
    await stage.end(killed);
    expect(stage.signals).toEqual(['SIGKILL']);
    expect([stage.events.length, stage.interruptions, stage.fruitful]).toEqual([before, [], 0]);
  });
});
