import type { ProcessEnd } from './trainer-process';

const hints: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL:
    'killed by the operating system or by somebody: out of memory is the usual cause, so try a smaller batch_size',
  SIGSEGV: 'a crash in native code',
  SIGABRT: 'aborted, often out of memory',
  SIGTERM: 'asked to end by somebody outside',
};

/** Says in words how a process ended that should not have. */
export function describeEnd(end: ProcessEnd, lastErrorLine?: string): string {
  const said = lastErrorLine ? `; its last error was: ${lastErrorLine}` : '';
  if (end.signal) return `the trainer ended with ${end.signal} (${hints[end.signal] ?? 'a signal'})${said}`;
  if (end.exitCode === 0) return `the trainer ended without saying that it had finished${said}`;
  return `the trainer ended with exit code ${end.exitCode}${said}`;
}
