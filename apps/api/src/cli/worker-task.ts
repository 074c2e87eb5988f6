import type { SampleTask, TrainTask, WorkerMessage } from '@gan-dashboard/shared-types';
import { describeEnd } from '../training/process-end';
import { TrainerProcess } from '../training/trainer-process';
import { CommandError, InterruptedError } from './failures';
import type { Interrupts } from './interrupts';

export interface TaskListener {
  onMessage: (message: WorkerMessage, at: Date) => void;
  /** What the process printed outside the protocol. */
  onOutput: (line: string) => void;
}

/**
 * Does one task in a trainer process, as the server does. It leads a process group of its own, so that Ctrl-C reaches
 * this process alone.
 *
 * @returns `stopped` where it was asked to end and has saved its state
 * @throws CommandError with the trainer's own reason, or how the process ended; InterruptedError where it was killed
 */
export function doTask(
  task: TrainTask | SampleTask,
  { stop, kill }: Pick<Interrupts, 'stop' | 'kill'>,
  listener: TaskListener,
): Promise<'completed' | 'stopped'> {
  const { promise, resolve, reject } = Promise.withResolvers<'completed' | 'stopped'>();
  let outcome: 'completed' | 'stopped' | undefined;
  let failure: string | undefined;
  let lastErrorLine: string | undefined;
  const onStop = () => trainer.send({ task: 'stop' });
  const onKill = () => trainer.kill('SIGKILL');
  const trainer = new TrainerProcess({
    onMessage: (message, at) => {
      if (message.kind === 'ready') trainer.send(stop.aborted ? { task: 'stop' } : task);
      else if (message.kind === 'finished') outcome = message.outcome;
      else if (message.kind === 'failed') failure = message.error;
      else listener.onMessage(message, at);
    },
    onOutput: (stream, line) => {
      if (stream === 'stderr') lastErrorLine = line;
      listener.onOutput(line);
    },
    onProtocolError: (error) => (failure ??= error),
    onEnd: (end) => {
      stop.removeEventListener('abort', onStop);
      kill.removeEventListener('abort', onKill);
      if (failure !== undefined) reject(new CommandError(failure));
      else if (outcome !== undefined && end.exitCode === 0) resolve(outcome);
      else if (kill.aborted) reject(new InterruptedError('Killed before it was done.'));
      else reject(new CommandError(describeEnd(end, lastErrorLine)));
    },
  });
  stop.addEventListener('abort', onStop);
  kill.addEventListener('abort', onKill);
  return promise;
}
