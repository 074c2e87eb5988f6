/** The command cannot be understood or cannot begin as asked: exit code 2, nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The work failed: exit code 1. The message is for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Somebody ended the command before it was done: exit code 130. The message says what was kept. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  return error instanceof InterruptedError ? exitCodes.interrupted : exitCodes.failed;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A word as a POSIX shell takes it back, for commands that messages propose. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
