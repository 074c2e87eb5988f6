import type { Db } from 'pg-boss';
import type { Pool, QueryResultRow } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/**
 * The pool of the application as pg-boss wants a database: the queue needs no connections of its own.
 *
 * The driver's pool is asked, not TypeORM: pg-boss sends several statements at once and needs the rows of each.
 */
export function databaseOf(dataSource: DataSource): Db {
  const { master } = dataSource.driver as unknown as { master: Pool };
  return {
    executeSql: (text, values) => master.query<QueryResultRow>(text, values),
  };
}

/**
 * The caller's transaction as pg-boss wants a database.
 *
 * @throws Error when the manager is not that of a transaction: the job would be sent although the rest is undone.
 */
export function transactionOf(manager: EntityManager): Db {
  const runner: QueryRunner | undefined = manager.queryRunner;
  if (!runner?.isTransactionActive) {
    throw new Error('a job can only be sent with the EntityManager of a transaction; leave `manager` out without one');
  }
  return {
    executeSql: async (text, values) => {
      const { records } = await runner.query(text, values, true);
      return { rows: records as QueryResultRow[] };
    },
  };
}
