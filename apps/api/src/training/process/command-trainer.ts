import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TrainTask, WorkerCommand, WorkerMessage } from '@gan-dashboard/shared-types';
import type { Trainer } from '../trainer';
import type { ProcessEnd, TrainerProcessEvents } from '../trainer-process';
import { fillCommand } from './command-line';
import type { GroupGuard } from './group-guard';
import { signalGroup } from './group-signals';
import { LineReader } from './line-reader';
import type { Reading } from './line-reader';
import { barOf } from './line-position';
import { readPaced } from './paced-output';
import type { TerminalLine } from './terminal-lines';
import type { CommandTrainerDefinition } from './trainers-file';
import { UserPatterns } from './user-patterns';

const linesPerSecond = 2_000;
/** After its leader has gone, what a program has left behind may still finish its last lines for this long. */
const leftoversMs = 2_000;
const killAfterMs = 10_000;

export interface CommandTrainerOptions {
  definition: CommandTrainerDefinition;
  task: TrainTask;
  /** File that the run's settings are written to, as JSON. */
  configFile: string;
  /** Folder that belongs to the run: what the program writes there is kept with it. */
  outputFolder: string;
  guard: GroupGuard;
}

/** A program of any language as a trainer: started without a shell, in a process group of its own, read line by line. */
export class CommandTrainer implements Trainer {
  readonly can = { pause: process.platform !== 'win32', checkpoint: false };
  private readonly child: ChildProcess | undefined;
  private readonly startedAt = performance.now();
  private readonly reader: LineReader;
  private readonly totalEpochs: number | undefined;
  private bar: { stream: 'stdout' | 'stderr'; text: string } | undefined;
  private lastStep: number | undefined;
  private isStopping = false;
  private isPaused = false;
  private hasEnded = false;
  private limitTimer: NodeJS.Timeout | undefined;
  private leftoversTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: CommandTrainerOptions,
    private readonly events: TrainerProcessEvents,
  ) {
    const { definition, task } = options;
    const epochs = task.config['epochs'];
    this.totalEpochs = typeof epochs === 'number' ? epochs : undefined;
    this.reader = new LineReader({
      totalEpochs: this.totalEpochs,
      patterns: this.patterns(),
      readsOtherLines: definition.readsOtherLines,
    });
    try {
      this.child = this.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // After the constructor: whoever started it must know it before it ends.
      queueMicrotask(() => this.cannotStart(reason));
    }
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  send(command: WorkerCommand): void {
    if (this.hasEnded) return;
    switch (command.task) {
      case 'stop':
        this.isStopping = true;
        this.kill('SIGTERM');
        // A program that is held has to go on to hear it.
        if (this.isPaused) this.kill('SIGCONT');
        break;
      case 'pause':
        this.isPaused = true;
        this.kill('SIGSTOP');
        this.say({ kind: 'paused', ...this.place });
        break;
      case 'resume':
        if (!this.isPaused) break;
        this.isPaused = false;
        this.kill('SIGCONT');
        this.say({ kind: 'resumed', ...this.place });
        break;
      case 'train':
      case 'sample':
      case 'checkpoint':
        this.events.onProtocolError(`the program ${this.options.definition.name} cannot do this: ${command.task}`);
        break;
    }
  }

  kill(signal: NodeJS.Signals): void {
    if (this.hasEnded || this.pid === undefined) return;
    if (process.platform === 'win32') this.child?.kill(signal);
    else signalGroup(this.pid, signal);
  }

  private get place(): { step?: number } {
    return this.lastStep === undefined ? {} : { step: this.lastStep };
  }

  private patterns(): UserPatterns | undefined {
    const { patterns } = this.options.definition;
    if (patterns.length === 0) return undefined;
    return new UserPatterns(patterns, (source) => {
      const message = `the pattern ${source} took too long for a line and is not used any more; make it simpler`;
      this.say({ kind: 'log', level: 'warning', message });
    });
  }

  private start(): ChildProcess {
    const { definition, task, configFile, outputFolder, guard } = this.options;
    mkdirSync(dirname(configFile), { recursive: true });
    mkdirSync(outputFolder, { recursive: true });
    writeFileSync(configFile, `${JSON.stringify(task.config, null, 2)}\n`);
    const [program = '', ...args] = fillCommand(definition.command, {
      config: configFile,
      data: task.data.csv_path ?? '',
      epochs: String(this.totalEpochs ?? ''),
      seed: String(task.seed),
      output: outputFolder,
      settings: task.config,
    });
    const child = spawn(program, args, {
      cwd: definition.workingFolder,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      // A process group of its own: signals reach what the program starts itself.
      detached: process.platform !== 'win32',
    });
    child.once('spawn', () => {
      if (child.pid !== undefined && process.platform !== 'win32') guard.watch(child.pid);
      this.started(program);
    });
    // 'close' does not come for a program that could not be started.
    child.once('error', (error) => {
      if (child.pid === undefined) this.cannotStart(error.message);
      else this.events.onProtocolError(error.message);
    });
    child.once('exit', () => this.killLeftovers(leftoversMs));
    child.once('close', (exitCode, signal) => this.end({ exitCode, signal }));
    for (const stream of ['stdout', 'stderr'] as const) {
      const limits = { longestLine: definition.maxLineLength, linesPerSecond };
      readPaced(child[stream], limits, (line) => this.output(stream, line));
    }
    return child;
  }

  /** Only what a trainer needs, and what trainers.yaml names: no database address and no secret of the server. */
  private environment(): NodeJS.ProcessEnv {
    const { environment, passEnvironment } = this.options.definition;
    const passed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'TEMP', ...passEnvironment];
    return {
      // Otherwise Python keeps its lines back until there are 8 KiB of them.
      PYTHONUNBUFFERED: '1',
      ...Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
      GAN_DASHBOARD_RUN: this.options.task.run_id,
      ...environment,
    };
  }

  private started(program: string): void {
    const { definition, task } = this.options;
    const { maxRunSeconds } = definition;
    if (maxRunSeconds !== undefined) {
      this.limitTimer = setTimeout(() => this.runTooLong(maxRunSeconds), maxRunSeconds * 1_000);
    }
    this.say({
      kind: 'started',
      data: {
        status: 'started',
        message: `${program} runs as process ${this.pid}.`,
        config: task.config,
        data_source: task.data.source_name,
        model: task.model,
        total_epochs: this.totalEpochs ?? 0,
        parameters: {},
        seed: task.seed,
      },
    });
  }

  private runTooLong(seconds: number): void {
    const error = `the program was ended after ${seconds} s, the longest that limits.max_run_seconds allows it`;
    this.say({ kind: 'failed', error });
    this.kill('SIGTERM');
    this.kill('SIGCONT');
    this.limitTimer = setTimeout(() => this.kill('SIGKILL'), killAfterMs);
  }

  private output(stream: 'stdout' | 'stderr', { text, isRewritten }: TerminalLine): void {
    this.tell(this.reader.read(text, { isRewritten, ms: performance.now() }));
    const bar = barOf(text);
    if (isRewritten || (bar && bar.percent < 100)) {
      // A bar is drawn again and again; it is logged when it is full, or as it stood at the end.
      this.bar = { stream, text };
      return;
    }
    this.bar = undefined;
    this.events.onOutput(stream, text);
  }

  private tell({ update, progress }: Reading): void {
    if (update) {
      this.lastStep = update.step;
      this.say({ kind: 'update', data: update });
    }
    if (!progress) return;
    const elapsed = (performance.now() - this.startedAt) / 1_000;
    const { progress_percent: percent } = progress;
    const eta = percent >= 1 && percent < 100 ? { eta_seconds: (elapsed * (100 - percent)) / percent } : {};
    this.say({ kind: 'progress', data: { ...progress, phase: 'training', elapsed_seconds: elapsed, ...eta } });
  }

  private say(message: WorkerMessage): void {
    this.events.onMessage(message, new Date());
  }

  private cannotStart(reason: string): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.say({ kind: 'failed', error: `the program could not be started: ${reason}` });
    this.events.onEnd({ exitCode: null, signal: null });
  }

  /** What the program has started itself must not outlive it, nor hold its output open. */
  private killLeftovers(afterMs: number): void {
    const { pid } = this;
    if (pid === undefined || process.platform === 'win32') return;
    this.leftoversTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), afterMs);
  }

  private end(end: ProcessEnd): void {
    if (this.hasEnded) return;
    clearTimeout(this.limitTimer);
    clearTimeout(this.leftoversTimer);
    this.kill('SIGKILL');
    if (this.pid !== undefined) this.options.guard.forget(this.pid);
    this.hasEnded = true;
    if (this.bar) this.events.onOutput(this.bar.stream, this.bar.text);
    if (this.isStopping && end.signal !== 'SIGKILL') this.say({ kind: 'finished', outcome: 'stopped' });
    else if (end.exitCode === 0) this.say({ kind: 'finished', outcome: 'completed' });
    this.events.onEnd(end);
  }
}
