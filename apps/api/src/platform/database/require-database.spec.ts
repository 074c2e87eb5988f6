import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireDatabaseOf } from './require-database';

const databaseUrl = undefined;

describe('requireDatabaseOf', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gan-dashboard-role-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('refuses a worker that would begin a database of its own, and says the way out', () => {
    expect(() => requireDatabaseOf({ role: 'worker', databaseUrl, dataDir })).toThrow(/ROLE="worker".*DATABASE_URL/s);
  });

  it('lets a worker share the database of the dashboard beside it, or any other', async () => {
    expect(() => requireDatabaseOf({ role: 'worker', databaseUrl: 'postgres://host/db', dataDir })).not.toThrow();
    await mkdir(join(dataDir, 'postgres'));
    expect(() => requireDatabaseOf({ role: 'worker', databaseUrl, dataDir })).not.toThrow();
  });

  it.each(['all', 'web'] as const)('lets a process of the role %s begin one', (role) => {
    expect(() => requireDatabaseOf({ role, databaseUrl, dataDir })).not.toThrow();
  });
});
