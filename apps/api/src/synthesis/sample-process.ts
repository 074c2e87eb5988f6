import type { SampleTask, WorkerMessage } from '@gan-dashboard/shared-types';
import { describeEnd } from '../training/process-end';
import { TrainerProcess } from '../training/trainer-process';

type Sampled = Extract<WorkerMessage, { kind: 'sampled' }>;

/** Draws one sample in a trainer process. */
export class SampleProcess {
  /** Settles when the process has ended: with what it drew, or with the reason why not. */
  readonly done: Promise<Sampled>;
  private readonly process: TrainerProcess;

  constructor(task: SampleTask) {
    let sampled: Sampled | undefined;
    let failure: string | undefined;
    let lastErrorLine: string | undefined;
    const { promise, resolve, reject } = Promise.withResolvers<Sampled>();
    this.done = promise;
    this.process = new TrainerProcess({
      onMessage: (message) => {
        if (message.kind === 'ready') this.process.send(task);
        if (message.kind === 'sampled') sampled = message;
        if (message.kind === 'failed') failure = message.error;
      },
      onOutput: (stream, line) => {
        if (stream === 'stderr') lastErrorLine = line;
      },
      onProtocolError: (error) => (failure ??= error),
      onEnd: (end) => {
        if (sampled && end.exitCode === 0 && failure === undefined) resolve(sampled);
        else reject(new Error(failure ?? describeEnd(end, lastErrorLine)));
      },
    });
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }
}
