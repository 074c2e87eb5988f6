import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { TableService } from '../table/table.service';
import type { ImportResult } from '../table/table-protocol';
import { scratchFolder } from './scratch-folder';

/** The configuration that data sets read, for a folder of a test. */
export function testConfig(dataDir: string, overrides: Partial<AppConfig> = {}): AppConfig {
  const defaults = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', MAX_UPLOAD_BYTES: String(1 << 20) });
  return { ...defaults, ...overrides };
}

/** A table service with real processes on a folder of its own. */
export class TableFixture {
  private readonly scratch = scratchFolder();
  readonly folder = this.scratch.path;
  readonly tables = new TableService(testConfig(this.folder));
  readonly parquetPath = join(this.folder, 'table.parquet');

  importFile(csvPath: string): Promise<ImportResult> {
    return this.tables.importCsv({ csvPath, parquetPath: this.parquetPath });
  }

  importText(content: string | Uint8Array): Promise<ImportResult> {
    const csvPath = join(this.folder, 'given.csv');
    writeFileSync(csvPath, content);
    return this.importFile(csvPath);
  }

  async close(): Promise<void> {
    await this.tables.beforeApplicationShutdown();
    this.scratch.remove();
  }
}
