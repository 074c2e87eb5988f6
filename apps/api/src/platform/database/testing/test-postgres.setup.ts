import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { processesIn, processIdentity } from '../embedded/processes.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's URL of the server that serves this test run. */
    testPostgresUrl: string;
    testPostgresMajor: number;
  }
}

const prefix = 'gan-dashboard-test-postgres-';

/** Folders of the system's PostgreSQL packages that tests may run besides the embedded version. */
const systemBinFolders: Record<string, string> = { '15': '/usr/lib/postgresql/15/bin' };

/**
 * Vitest globalSetup: one throw-away PostgreSQL for a whole run. `TEST_POSTGRES_MAJOR` picks it: 18 (default, the
 * embedded binaries) or 15 (the oldest supported version, as installed by the system's package manager).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeAbandoned();
  const home = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(home, 0o755);
  writeFileSync(join(home, 'owner'), `${process.pid} ${processIdentity(process.pid)}`);
  const major = process.env['TEST_POSTGRES_MAJOR'] ?? '18';
  const binFolder = systemBinFolders[major];
  if (major !== '18' && !(binFolder !== undefined && existsSync(binFolder))) {
    throw new Error(
      `TEST_POSTGRES_MAJOR=${major}: use 18 (embedded) or 15 (needs ${systemBinFolders['15']}, Debian package postgresql-15)`,
    );
  }
  const server = await startEmbeddedPostgres({
    home,
    log: () => undefined,
    ...(binFolder !== undefined && { binFolder }),
  });
  project.provide('testPostgresUrl', server.url);
  project.provide('testPostgresMajor', server.major);
  return async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
}

/** Ends servers of earlier runs that were killed before they could do it themselves. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((it) => it.startsWith(prefix))) {
    const home = join(tmpdir(), name);
    const owner = join(home, 'owner');
    if (!existsSync(owner)) continue;
    const [pid = '', identity] = readFileSync(owner, 'utf8').split(' ');
    if (processIdentity(Number(pid)) === identity) continue;
    const dataDir = join(home, 'server/data');
    if (existsSync(dataDir)) for (const it of processesIn(realpathSync(dataDir))) process.kill(it, 'SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}
