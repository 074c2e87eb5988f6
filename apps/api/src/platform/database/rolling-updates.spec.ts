import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { databaseOptions } from './database.options';
import { breaksRollingUpdates } from './rolling-updates';

/** The last one that an installation can only have got by stopping all processes: from here on updates roll. */
const lastBefore = 1764420000000;

const migrations = (databaseOptions('postgres://nowhere').migrations as (new () => MigrationInterface)[])
  .map((Migration) => new Migration())
  .map((migration) => ({ migration, time: Number(/\d{13}$/.exec(migration.name ?? '')?.[0]) }));

async function statementsOf(migration: MigrationInterface): Promise<string[]> {
  const statements: string[] = [];
  const query = (statement: string) => {
    statements.push(statement);
    return Promise.resolve([]);
  };
  await migration.up({ query } as unknown as QueryRunner);
  return statements;
}

describe('migrations', () => {
  it('have a time each, in the order in which they are applied', () => {
    const times = migrations.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });

  it('can be applied while the version before is at work', async () => {
    for (const { migration } of migrations.filter(({ time }) => time > lastBefore)) {
      expect(breaksRollingUpdates(await statementsOf(migration)), migration.name).toEqual([]);
    }
  });

  it.each([
    'ALTER TABLE run DROP COLUMN seed',
    'DROP TABLE run_log',
    'ALTER TABLE run RENAME COLUMN seed TO start',
    'ALTER TABLE run ALTER COLUMN seed TYPE bigint',
    'ALTER TABLE run ALTER seed SET DATA TYPE bigint',
    'ALTER TABLE run ALTER COLUMN seed SET NOT NULL',
    'ALTER TABLE run ADD COLUMN place integer, ADD COLUMN owner text NOT NULL',
  ])('would break it with %s', (statement) => {
    expect(breaksRollingUpdates([statement])).toHaveLength(1);
  });

  it.each([
    "ALTER TABLE run ADD COLUMN owner text NOT NULL DEFAULT 'nobody', ADD COLUMN place integer",
    'CREATE TABLE project (id uuid PRIMARY KEY, name text NOT NULL)',
    'ALTER TABLE checkpoint DROP CONSTRAINT reason_check, ADD CONSTRAINT reason_check CHECK (true)',
    'ALTER TABLE run ALTER COLUMN seed DROP NOT NULL -- DROP COLUMN is for the next release',
    'DROP INDEX run_list',
  ])('would not with %s', (statement) => {
    expect(breaksRollingUpdates([statement])).toEqual([]);
  });
});
