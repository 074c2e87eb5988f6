import type { LogEntry, RunEventData, WorkerMessage } from '@gan-dashboard/shared-types';
import type { MeasuredQuality } from './measure-quality';
import { progressBar, progressText } from './progress-line';

/** Told of everything that whoever started the command may want to know. */
export interface Reporter {
  /** A line of the command itself. */
  note(level: LogEntry['level'], message: string): void;
  /** What the trainer says. */
  trainer(message: WorkerMessage, at: Date): void;
  /** What was found out in the end. */
  result(message: string): void;
  /** The training has ended; a complete one was measured. */
  end(complete: RunEventData<'training_complete'>, quality?: MeasuredQuality): void;
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface Outputs {
  stdout: Output;
  stderr: Output;
  now: () => number;
}

/** Milliseconds between two lines of progress where nothing can be drawn over. */
const plainEvery = 2_000;

/** For people: progress on stderr, as a bar where that is a terminal, the result on stdout. */
export class TextReporter implements Reporter {
  private update: RunEventData<'training_update'> | undefined;
  private toldAt = Number.NEGATIVE_INFINITY;
  private hasBar = false;

  constructor(private readonly outputs: Outputs) {}

  note(_level: LogEntry['level'], message: string): void {
    this.clearBar();
    this.outputs.stderr.write(`${message}\n`);
  }

  trainer(message: WorkerMessage): void {
    if (message.kind === 'update') this.update = message.data;
    if (message.kind === 'progress') this.progress(message.data);
    if (message.kind === 'log' && message.level !== 'info' && message.level !== 'debug') {
      this.note(message.level, `${message.level}: ${message.message}`);
    }
  }

  result(message: string): void {
    this.clearBar();
    this.outputs.stdout.write(`${message}\n`);
  }

  end(): void {
    this.clearBar();
  }

  private progress(progress: RunEventData<'progress'>): void {
    const { stderr, now } = this.outputs;
    if (stderr.isTTY) {
      stderr.write(`\r\u001b[K${progressBar(progress, this.update, stderr.columns ?? 80)}`);
      this.hasBar = true;
      return;
    }
    const isLast = progress.phase === 'saving' && progress.progress_percent === 100;
    if (!isLast && (progress.phase !== 'training' || now() - this.toldAt < plainEvery)) return;
    this.toldAt = now();
    stderr.write(`${progressText(progress, this.update)}\n`);
  }

  private clearBar(): void {
    if (this.hasBar) this.outputs.stderr.write('\r\u001b[K');
    this.hasBar = false;
  }
}

/** For programs: the messages that a run from outside posts, a line each, on stdout. */
export class JsonReporter implements Reporter {
  constructor(private readonly outputs: Outputs) {}

  note(level: LogEntry['level'], message: string): void {
    this.say('log_entry', { source: 'training', level, message });
  }

  trainer(message: WorkerMessage, at: Date): void {
    if (message.kind === 'started') this.say('training_start', message.data, at);
    if (message.kind === 'update') this.say('training_update', message.data, at);
    if (message.kind === 'progress') this.say('progress', message.data, at);
    if (message.kind === 'log') {
      this.say('log_entry', { source: 'training', level: message.level, message: message.message }, at);
    }
  }

  result(message: string): void {
    for (const line of message.split('\n')) this.note('info', line);
  }

  /** Servers leave out what they do not know: `quality` is for whoever reads the lines. */
  end(complete: RunEventData<'training_complete'>, quality?: MeasuredQuality): void {
    this.say('training_complete', quality ? { ...complete, quality } : complete);
  }

  private say(type: string, data: object, at = new Date()): void {
    this.outputs.stdout.write(`${JSON.stringify({ type, timestamp: at.toISOString(), data })}\n`);
  }
}
