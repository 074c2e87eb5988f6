import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
// For the type of what inject() knows.
import type {} from './test-postgres.setup.ts';

export interface TestDatabase {
  url: string;
  /** Disconnects whoever is still connected, and removes the database. */
  drop(): Promise<void>;
}

/** The major version that this test run uses: 18 or 15. */
export const testPostgresMajor = (): number => inject('testPostgresMajor');

/** An empty database of its own for one spec, on the server that test-postgres.setup.ts started for the run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = new URL(inject('testPostgresUrl'));
  const adminUrl = url.href;
  await execute(adminUrl, `create database ${name}`);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(adminUrl, `drop database if exists ${name} with (force)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
