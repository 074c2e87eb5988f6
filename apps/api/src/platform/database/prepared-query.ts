import type { PoolClient, QueryResultRow } from 'pg';
import type { EntityManager } from 'typeorm';

export interface PreparedQuery {
  /** One name for one text; at most 63 characters. */
  name: string;
  text: string;
  values: unknown[];
}

/**
 * Runs a statement that each connection plans once: for what is asked many times a second, where planning takes longer
 * than carrying it out. TypeORM prepares none, so the transaction's connection is asked itself.
 */
export async function queryPrepared<Row extends QueryResultRow>(
  manager: EntityManager,
  query: PreparedQuery,
): Promise<Row[]> {
  if (!manager.queryRunner) throw new Error(`${query.name} needs the manager of a transaction`);
  const client = (await manager.queryRunner.connect()) as PoolClient;
  const { rows } = await client.query<Row>(query);
  return rows;
}
