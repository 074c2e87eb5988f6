import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { databaseOptions } from './database.options';
import { underMigrationLock } from './migration-lock';
import { createTestDatabase } from './testing/test-postgres';

describe('underMigrationLock', () => {
  it('lets processes that start together on an empty database all start', async () => {
    const database = await createTestDatabase();
    const options = { ...databaseOptions(database.url), extra: { max: 2 } };
    const start = () => underMigrationLock(database.url, () => new DataSource(options).initialize());
    const started = await Promise.all([start(), start(), start(), start()]);
    const [first] = started;
    const applied: unknown[] = (await first?.query('SELECT name FROM migrations')) ?? [];
    expect(applied).toHaveLength((options.migrations as unknown[]).length);
    await Promise.all(started.map((dataSource) => dataSource.destroy()));
    await database.drop();
  });

  it('lets go of the lock when the work fails', async () => {
    const database = await createTestDatabase();
    const failure = underMigrationLock(database.url, () => Promise.reject(new Error('no')));
    await expect(failure).rejects.toThrow('no');
    expect(await underMigrationLock(database.url, () => Promise.resolve('the next one'))).toBe('the next one');
    await database.drop();
  });
});
