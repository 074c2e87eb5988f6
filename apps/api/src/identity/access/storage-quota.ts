import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ProblemException } from '../../platform/http/problem';

/** What a user may store: data sets, and the samples of the runs that the user has made. */
@Injectable()
export class StorageQuota {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
  ) {}

  /**
   * @param name of the user
   * @param bytes that the request announces; 0 where it does not say
   * @throws ProblemException 413 where there is no room left for them.
   */
  async require(name: string, bytes: number): Promise<void> {
    const { maxStoredBytesPerUser: most } = this.config.auth;
    if (most === 0) return;
    const [row] = await this.dataSource.query<{ used: string }[]>(
      `SELECT coalesce((SELECT sum(size_bytes) FROM dataset WHERE created_by = $1 AND deleted_at IS NULL), 0)
            + coalesce((SELECT sum(s.size_bytes) FROM sample s JOIN run r ON r.id = s.run_id WHERE r.created_by = $1), 0) AS used`,
      [name],
    );
    const used = Number(row?.used ?? 0);
    if (used < most && used + bytes <= most) return;
    throw new ProblemException(
      413,
      `Your data sets and the samples of your runs have ${used} bytes, and ${most} are allowed (MAX_STORED_BYTES_PER_USER)` +
        `${bytes > 0 ? `; this would add up to ${bytes}` : ''}. Delete some, or ask an administrator.`,
    );
  }
}
