import { Sender } from './sender.ts';
import type { Spool } from './spool.ts';

export type Outcome = 'completed' | 'failed' | 'stopped';
export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** Where the training stands. */
export interface Place {
  step?: number;
  epoch?: number;
}

export interface RunSettings {
  totalEpochs?: number | undefined;
  heartbeatMs: number;
  onStop?: (() => void) | undefined;
  onProblem: (message: string) => void;
}

const longestEvent = 200_000;

/** A run that this program reports into. Nothing here waits for the network or throws into the training. */
export class Run {
  private readonly spool: Spool;
  private readonly settings: RunSettings;
  private readonly sender: Sender;
  private clientSeq = 0;
  private updates = 0;
  private isFinished = false;
  private isAskedToStop = false;

  constructor(spool: Spool, settings: RunSettings) {
    this.spool = spool;
    this.settings = settings;
    this.sender = new Sender(spool, {
      isReplay: false,
      heartbeatMs: settings.heartbeatMs,
      onProblem: settings.onProblem,
      onStopAsked: () => this.stopAsked(),
    });
  }

  /** Id of the run on the server; undefined as long as the server was not reached. */
  get id(): string | undefined {
    return this.spool.state.runId ?? undefined;
  }

  /** Somebody has asked the run to stop: end your loop and call `finish('stopped')`. */
  get shouldStop(): boolean {
    return this.isAskedToStop;
  }

  /**
   * Reports metrics by name, at a step, an epoch or both; without either at the number of the call. With an epoch and a
   * known `totalEpochs` the progress is reported as well: the epoch counts as done.
   */
  log(metrics: Record<string, number>, { step, epoch }: Place = {}): void {
    this.updates++;
    const { totalEpochs } = this.settings;
    const values = Object.entries(metrics).filter(([name, value]) => this.isNumber(name, value));
    if (values.length === 0) return;
    const place = {
      ...(epoch === undefined ? {} : { epoch, ...(totalEpochs === undefined ? {} : { total_epochs: totalEpochs }) }),
      step: step ?? epoch ?? this.updates,
    };
    const numbers = Object.fromEntries(values.map(([name, value]) => [name, wireNumber(value)]));
    this.append('training_update', { ...numbers, ...place });
    if (epoch !== undefined && totalEpochs !== undefined) this.progress((100 * epoch) / totalEpochs, { epoch });
  }

  /** Reports a line of the log. */
  logLine(message: string, level: LogLevel = 'info'): void {
    for (const line of message.split(/\r?\n/)) {
      if (line.trim() !== '') this.append('log_entry', { message: line, level });
    }
  }

  /** Reports how much is done, from 0 to 100. It never falls on the dashboard. */
  progress(percent: number, place: Place & { totalSteps?: number; etaSeconds?: number } = {}): void {
    const { step, epoch, totalSteps, etaSeconds } = place;
    this.append('progress', {
      epoch,
      total_epochs: epoch === undefined ? undefined : this.settings.totalEpochs,
      step,
      total_steps: totalSteps,
      eta_seconds: etaSeconds,
      progress_percent: Math.min(100, Math.max(0, percent)),
    });
  }

  /**
   * Ends the run and waits until all was sent, at most so long; what could not be sent stays in the spool.
   *
   * @returns whether everything has arrived
   */
  async finish(
    status: Outcome = 'completed',
    options: { error?: Error | string; withinMs?: number } = {},
  ): Promise<boolean> {
    if (this.isFinished) return true;
    const { error, withinMs = 10_000 } = options;
    this.append('training_complete', { status, ...(error === undefined ? {} : { error: String(error) }) });
    return this.close(withinMs);
  }

  /** Sends what is left without saying how the training ended: nobody knows. */
  async close(withinMs: number): Promise<boolean> {
    if (this.isFinished) return true;
    this.isFinished = true;
    const hasArrived = await this.sender.close(withinMs);
    if (!hasArrived)
      this.settings.onProblem('not everything has reached the dashboard; the next start sends what is kept');
    this.spool.close(hasArrived);
    return hasArrived;
  }

  private isNumber(name: string, value: unknown): boolean {
    if (typeof value === 'number') return true;
    this.settings.onProblem(`the metric ${name} is no number and is left out`);
    return false;
  }

  private append(type: string, data: Record<string, unknown>): void {
    try {
      if (this.isFinished) throw new Error('the run is finished');
      const line = JSON.stringify({ type, timestamp: new Date().toISOString(), client_seq: this.clientSeq + 1, data });
      if (line.length > longestEvent)
        throw new Error(`the event has ${line.length} characters; ${longestEvent} are taken`);
      this.spool.append(line);
      this.clientSeq++;
      this.sender.notify();
    } catch (error) {
      this.settings.onProblem(`${type} was not reported: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private stopAsked(): void {
    if (this.isAskedToStop) return;
    this.isAskedToStop = true;
    this.settings.onStop?.();
  }
}

/** JSON has no word for NaN and the infinities: they travel as strings. */
function wireNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
