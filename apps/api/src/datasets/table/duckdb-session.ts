import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { join } from 'node:path';
import { literal } from './sql';

/** A value of a result; the statements here select nothing nested. */
export type SqlValue = string | number | boolean | null;

const temporaryDiskSpace = '8GB';

/**
 * A DuckDB that can reach one folder and nothing else: no other file, no network, no extension, and no statement
 * that loosens this again.
 */
export class DuckDbSession {
  private constructor(private readonly connection: DuckDBConnection) {}

  /** @param folder absolute; all that its statements may read and write. */
  static async open({ folder, memory_mb, threads }: { folder: string; memory_mb: number; threads: number }) {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: `${memory_mb}MiB`,
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    const settings = [
      `temp_directory = ${literal(join(folder, 'spill'))}`,
      `max_temp_directory_size = ${literal(temporaryDiskSpace)}`,
      `TimeZone = 'UTC'`,
      // Each file is written once and then asked many times.
      'parquet_metadata_cache = true',
      `allowed_directories = [${literal(`${folder}/`)}]`,
      'enable_external_access = false',
      // Last: nothing can be set after it.
      'lock_configuration = true',
    ];
    for (const setting of settings) await connection.run(`SET ${setting}`);
    return new DuckDbSession(connection);
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** All rows of a small result; integers of 64 bits come as text, so cast counts to DOUBLE. */
  async rows(sql: string): Promise<SqlValue[][]> {
    const reader = await this.connection.runAndReadAll(sql);
    return reader.getRowsJson() as SqlValue[][];
  }

  /** The only row of a result. */
  async row(sql: string): Promise<SqlValue[]> {
    const [row] = await this.rows(sql);
    if (!row) throw new Error(`no row: ${sql.slice(0, 200)}`);
    return row;
  }

  /** The only number of a result of one row and one column. */
  async number(sql: string): Promise<number> {
    return Number((await this.row(sql))[0]);
  }

  interrupt(): void {
    this.connection.interrupt();
  }
}
