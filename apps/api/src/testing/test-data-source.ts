import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '../platform/database/database.options';
import { createTestDatabase } from '../platform/database/testing/test-postgres';

/** A migrated database of its own for one spec file. */
export async function createTestDataSource(
  entities: NonNullable<DataSourceOptions['entities']> = [],
): Promise<{ dataSource: DataSource; close: () => Promise<void> }> {
  const database = await createTestDatabase();
  const dataSource = await new DataSource({ ...databaseOptions(database.url), entities }).initialize();
  return {
    dataSource,
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
