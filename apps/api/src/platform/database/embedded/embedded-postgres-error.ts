/** What a user can always do instead of running the embedded server. */
export const orDatabaseUrl = 'or set DATABASE_URL to a PostgreSQL server of your own (15 or newer)';

/** The embedded PostgreSQL cannot be used; the message says why and what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

const advice: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EIO: 'the disk is full or failing: free some space, look at the system log',
  EDQUOT: 'the disk quota is used up: free some space',
  EACCES: 'permission denied: give this user access',
  EPERM: 'the operation is not permitted: give this user access',
  EEXIST: 'a file is in the way of a folder: choose another DATA_DIR',
  ENOTDIR: 'a file is in the way of a folder: choose another DATA_DIR',
  EROFS: 'the file system is read-only: choose another DATA_DIR',
};

/** Turns a file system error into one that names the file and the way out; other errors pass unchanged. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof EmbeddedPostgresError) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const why = code ? advice[code] : undefined;
  if (!why) return error;
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL cannot ${syscall ?? 'use'} ${path ?? `its files (${error.message})`}: ${why}, ${orDatabaseUrl}.`,
    { cause: error },
  );
}

const serverAdvice: [pattern: RegExp, advice: string][] = [
  [/No space left on device|Check free disk space|Disk quota exceeded/i, 'The disk is full: free some space'],
  [/Permission denied/i, 'The server may not use its files: correct their owner and permissions'],
  [/Read-only file system/i, 'The file system is read-only: choose another DATA_DIR'],
  [/could not look up effective user ID/i, 'This user has no entry in /etc/passwd: run as a named user'],
  [/could not (create|resize) shared memory segment/i, 'The system has too little shared memory: raise its limit'],
  [/error while loading shared libraries|GLIBC_/i, 'The binaries do not run on this system (they need glibc 2.27)'],
  [/cannot be run as root|execution of PostgreSQL by a user with administrative permissions/i, 'Run as another user'],
];

/** The error for a server program that failed: its own last words, and advice where they are known. */
export function serverFailure(what: string, output: string): EmbeddedPostgresError {
  const words = output.trim().split('\n').slice(-8).join('\n');
  const known = serverAdvice.find(([pattern]) => pattern.test(words));
  const way = known ? known[1] : 'See its message';
  return new EmbeddedPostgresError(`${what}. ${way}, ${orDatabaseUrl}.${words ? `\n${words}` : ''}`);
}

/** The error for a program that could not even be spawned. */
export function cannotStart(command: string, cause: Error, user?: string): EmbeddedPostgresError {
  const as = user ? ` as user ${user}` : '';
  return new EmbeddedPostgresError(
    `Cannot start ${command}${as}: ${cause.message}. Check that it exists and may be executed, ${orDatabaseUrl}.`,
    { cause },
  );
}
