import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';

/**
 * A worker takes its runs from a database that others have filled; the embedded one is shared by the processes of one
 * machine that have the same `DATA_DIR`. A worker that would begin an empty one of its own waits for runs for ever.
 *
 * @throws ConfigurationError saying so, and the way out.
 */
export function requireDatabaseOf({
  role,
  databaseUrl,
  dataDir,
}: Pick<AppConfig, 'role' | 'databaseUrl' | 'dataDir'>): void {
  if (role !== 'worker' || databaseUrl !== undefined || existsSync(join(dataDir, 'postgres'))) return;
  throw new ConfigurationError([
    `ROLE="worker": there is no database in DATA_DIR (${dataDir}) that this worker could take runs from. On the machine ` +
      'of the dashboard, start it with the same DATA_DIR as the dashboard, after it; on any other machine, set ' +
      'DATABASE_URL to the PostgreSQL server that all processes share',
  ]);
}
