import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, testPostgresMajor } from './test-postgres';

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  it('gives each caller an empty database on a server of the chosen version', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await ask(one.url, 'create table mark (id int)');
    expect(await ask(other.url, `select to_regclass('mark') as mark`)).toEqual([{ mark: null }]);
    const [version] = (await ask(one.url, 'show server_version_num')) as [{ server_version_num: string }];
    expect(Math.floor(Number(version.server_version_num) / 10_000)).toBe(testPostgresMajor());
    await Promise.all([one.drop(), other.drop()]);
  });

  it('runs in UTF-8 and UTC with commits made durable, as the embedded server does', async () => {
    const database = await createTestDatabase();
    const settings = `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone,
      current_setting('fsync') as fsync, current_setting('max_connections') as connections, lower('É') as lower`;
    expect(await ask(database.url, settings)).toEqual([
      { encoding: 'UTF8', zone: 'UTC', fsync: 'on', connections: '100', lower: 'é' },
    ]);
    await database.drop();
  });

  it('drops a database that is still in use', async () => {
    const database = await createTestDatabase();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    await database.drop();
    await ended;
    await expect(ask(database.url, 'select 1')).rejects.toThrow(/does not exist/);
  });
});
