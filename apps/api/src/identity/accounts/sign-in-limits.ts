import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ProblemException } from '../../platform/http/problem';

const firstLockSeconds = 5;
const longestLockSeconds = 900;
/** A key that was quiet for so long starts anew. */
const forgottenAfterSeconds = 86_400;

interface Limited {
  key: string;
  /** Failures that are free; each further one locks for twice as long as the one before. */
  free: number;
}

/** Who guesses whose password, from where. */
export interface Attempt {
  name: string;
  address: string;
}

/**
 * Locks out guessing, with a back-off that doubles. Failures count for a name at an address, so that nobody locks
 * others out from elsewhere; and, with more patience, for the name and the address on their own, which stops many
 * addresses and many names. Kept in the database: all replicas count together.
 */
@Injectable()
export class SignInLimits {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Counts the attempt as failed before it is known, so that many at once are no way around; `succeeded` takes it back.
   *
   * @throws ProblemException 429 with the time to wait, while one of its keys is locked.
   */
  async begin(attempt: Attempt): Promise<void> {
    const keys = limitsOf(attempt);
    for (const limited of keys) {
      if (await this.count(limited)) continue;
      const seconds = Math.max(1, Math.ceil(await this.lockedFor(keys)));
      throw new ProblemException(429, `Too many attempts failed. Try again in ${seconds} s.`);
    }
  }

  /** In one statement, so that of many at once no more than are free get through. @returns false while it is locked. */
  private async count({ key, free }: Limited): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO sign_in_failure AS f (key, failures, last_at) VALUES ($1, 1, now())
       ON CONFLICT (key) DO UPDATE SET
         failures = CASE WHEN f.last_at < now() - make_interval(secs => $3) THEN 1 ELSE f.failures + 1 END,
         last_at = now(),
         locked_until = CASE WHEN f.last_at >= now() - make_interval(secs => $3) AND f.failures + 1 >= $2
           THEN now() + make_interval(secs => least($5::float8, $4 * power(2, least(f.failures + 1 - $2, 20))))
           ELSE NULL END
       WHERE f.locked_until IS NULL OR f.locked_until <= now()
       RETURNING key`,
      [key, free, forgottenAfterSeconds, firstLockSeconds, longestLockSeconds],
    );
    return rows.length > 0;
  }

  /** The name and the place are forgiven; of the address only this attempt, or it could reset itself. */
  async succeeded(attempt: Attempt): Promise<void> {
    const [pair, name, address] = limitsOf(attempt);
    await this.dataSource.query('DELETE FROM sign_in_failure WHERE key = ANY($1)', [[pair?.key, name?.key]]);
    await this.dataSource.query(
      'UPDATE sign_in_failure SET failures = greatest(0, failures - 1), locked_until = NULL WHERE key = $1',
      [address?.key],
    );
  }

  async forget(): Promise<void> {
    await this.dataSource.query('DELETE FROM sign_in_failure WHERE last_at < now() - make_interval(secs => $1)', [
      forgottenAfterSeconds,
    ]);
  }

  private async lockedFor(keys: readonly Limited[]): Promise<number> {
    const [row] = await this.dataSource.query<{ seconds: string | null }[]>(
      `SELECT max(extract(epoch FROM locked_until - now())) AS seconds FROM sign_in_failure WHERE key = ANY($1)`,
      [keys.map(({ key }) => key)],
    );
    return Number(row?.seconds ?? 0);
  }
}

function limitsOf({ name, address }: Attempt): [Limited, Limited, Limited] {
  const known = name.trim().toLowerCase();
  return [
    { key: `name-at-address:${known}@${address}`, free: 5 },
    { key: `name:${known}`, free: 50 },
    { key: `address:${address}`, free: 30 },
  ];
}
