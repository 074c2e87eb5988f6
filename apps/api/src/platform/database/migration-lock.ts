import { Client } from 'pg';

/** Of the advisory lock: "gan-migr" as bytes, which no instance key is likely to be. */
const lockKey = '7449355561489689970';

/**
 * Lets one process at a time bring the database up to date: several that start together would make the same tables, and
 * all but one would fail.
 *
 * @param work connects and migrates; finds nothing to do where another process was first
 */
export async function underMigrationLock<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, application_name: 'gan-dashboard migrations' });
  // A connection that breaks lets go of the lock; what it was held for says by itself whether it has failed.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    return await work();
  } finally {
    // With the connection the lock goes.
    await client.end();
  }
}
