import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';

export const readinessChecks = ['database', 'disk', 'queue'] as const;
export type ReadinessCheck = (typeof readinessChecks)[number];

/** A check that takes longer than this has failed: a probe gives up soon after. */
const patienceMs = 2_000;

/** Bytes that may still be written to the disk of a folder. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Whether this process can do its work: what each part of it has to say. */
@Injectable()
export class Readiness {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'dataDir' | 'minFreeDiskBytes'>,
  ) {}

  /** @returns what is wrong, in words for people, by check; empty where all is well */
  async problems(): Promise<Partial<Record<ReadinessCheck, string>>> {
    const [database, disk, queue] = await Promise.all([this.database(), this.disk(), this.queue()]);
    return { ...(database && { database }), ...(disk && { disk }), ...(queue && { queue }) };
  }

  private async database(): Promise<string | undefined> {
    const answers = await succeeds(this.dataSource.query('SELECT 1'));
    return answers ? undefined : 'The database does not answer. Requests that need it will fail until it does.';
  }

  private async queue(): Promise<string | undefined> {
    const answers = await succeeds(this.dataSource.query('SELECT version FROM pgboss.version'));
    return answers ? undefined : 'The queue cannot be read. Runs, samples and reports wait until it can.';
  }

  private async disk(): Promise<string | undefined> {
    const { dataDir, minFreeDiskBytes } = this.config;
    let free: number;
    try {
      free = await freeDiskBytes(dataDir);
    } catch {
      return 'The data folder cannot be read. Check that its volume is there.';
    }
    if (free >= minFreeDiskBytes) return undefined;
    return `The data folder has ${free} bytes left, less than MIN_FREE_DISK_BYTES=${minFreeDiskBytes}. Free some space.`;
  }
}

async function succeeds(asked: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), patienceMs)));
  try {
    return await Promise.race([asked.then(() => true), tooLate]);
  } catch {
    // Why stands in the log of whoever needed the database; a probe only says that it is so.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
