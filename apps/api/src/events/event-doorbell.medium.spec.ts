import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { DatabaseSession } from '../platform/database/database-session';
import { createTestDataSource } from '../testing/test-data-source';
import { EventDoorbell } from './event-doorbell';

describe('EventDoorbell on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  const sessions: DatabaseSession[] = [];

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
  });
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.onApplicationShutdown()));
    await close();
  });

  async function doorbell() {
    const session = new DatabaseSession(dataSource);
    sessions.push(session);
    const bell = new EventDoorbell(session);
    let rings = 0;
    await session.onApplicationBootstrap();
    bell.rung.subscribe(() => rings++);
    return { bell, session, rings: () => rings };
  }

  it('is heard by others, not by the one who rings', async () => {
    const [mine, other] = [await doorbell(), await doorbell()];
    mine.bell.announce();
    await expect.poll(other.rings).toBe(1);
    expect(mine.rings()).toBe(0);
  });

  it('makes one ring of many announcements, and never forgets the last', async () => {
    const [mine, other] = [await doorbell(), await doorbell()];
    for (let index = 0; index < 200; index++) {
      mine.bell.announce();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(other.rings).toBeGreaterThan(0);
    const before = other.rings();
    expect(before).toBeLessThan(50);
    mine.bell.announce();
    await expect.poll(other.rings).toBeGreaterThan(before);
  });

  it('rings when the session is there again: nobody knows what was missed', async () => {
    const one = await doorbell();
    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
       AND ((classid::bigint << 32) | objid::bigint) = $1`,
      [one.session.instanceKey],
    );
    await expect.poll(one.rings).toBe(1);
  });
});
