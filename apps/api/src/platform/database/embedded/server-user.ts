import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError, orDatabaseUrl } from './embedded-postgres-error.ts';
import { run } from './processes.ts';
import type { ServerUser } from './processes.ts';

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * PostgreSQL refuses to run as root: root lends it the user `postgres`, else `nobody`, or whoever already owns
 * the data. Undefined: not root, the server runs as this process's user.
 *
 * @param dataDir the data directory, which need not exist yet
 */
export async function serverUser(dataDir: string): Promise<ServerUser | undefined> {
  if (!isRoot()) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `uid ${owner.uid}` };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output), name };
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Run as another user, ${orDatabaseUrl}.`,
  );
}

/** @throws EmbeddedPostgresError when this user has no name, which initdb needs (`docker run --user 12345`). */
export function checkHasName(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The user of this process (uid ${process.getuid?.()}) has no entry in /etc/passwd, so PostgreSQL cannot create a ` +
        `database. Run as a user that has one, ${orDatabaseUrl}.`,
      { cause },
    );
  }
}

/** Whether `user` may enter `folder`: no parent of it is closed to that user. */
export async function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  const { code } = await run('/bin/sh', ['-c', 'cd "$1" && test -r .', 'sh', folder], { user, cwd: '/' });
  return code === 0;
}
