import { realpathSync } from 'node:fs';
import { Client, DatabaseError } from 'pg';
import { owner } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError, orDatabaseUrl } from './embedded-postgres-error.ts';

/** What answers on a port: this cluster; one that takes nobody now (starting,
 * recovering, shutting down, full); one that refuses the password; another cluster; nothing. */
export type Answer = 'ours' | 'starting' | 'refused' | 'foreign' | 'none';

/** PostgreSQL's `cannot_connect_now`: starting, recovering after a crash, or shutting down. */
const cannotConnectNow = '57P03';
const tooManyConnections = '53300';
const invalidPassword = '28P01';

export function urlOf(cluster: Cluster, port: number, database = owner): string {
  return `postgres://${owner}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

export async function probe(cluster: Cluster, port: number): Promise<Answer> {
  try {
    return await withClient(urlOf(cluster, port, 'postgres'), async (client) => {
      const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
      return rows[0] && realpathSync(rows[0].folder) === realpathSync(cluster.dataDir) ? 'ours' : 'foreign';
    });
  } catch (error) {
    if (!(error instanceof DatabaseError)) return 'none';
    if (error.code === cannotConnectNow || error.code === tooManyConnections) return 'starting';
    return error.code === invalidPassword ? 'refused' : 'foreign';
  }
}

/** Creates the application's database in a new cluster. */
export async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  try {
    await withClient(urlOf(cluster, port, 'postgres'), async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [owner]);
      if (rowCount === 0) await client.query(`create database ${owner}`);
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL in ${cluster.dataDir} has no database ${owner} and cannot create it: ${why}. ` +
        `Look into ${cluster.home}/postgres.log, ${orDatabaseUrl}.`,
      { cause },
    );
  }
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 10_000 });
  let lost: Error | undefined;
  // A server that goes away must not end this process; the pending query reports it.
  client.on('error', (error) => (lost = error));
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch((error: unknown) => {
      if (!lost) throw error;
    });
  }
}
