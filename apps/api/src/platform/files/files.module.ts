import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';
import { FileStore } from './file-store';
import { LocalFiles } from './local-files';
import type { S3Files } from './s3-files';
import { FileSender } from './send-file';
import type { S3Config } from './storage-config';

/** The store of files that the configuration names: this machine's data folder, or a bucket. */
@Global()
@Module({
  providers: [FileSender, { provide: FileStore, inject: [APP_CONFIG], useFactory: storeFor }],
  exports: [FileSender, FileStore],
})
export class FilesModule {}

async function storeFor({ storage, dataDir }: AppConfig): Promise<FileStore> {
  return storage.kind === 'local' ? new LocalFiles(dataDir) : bucketOf(storage, dataDir);
}

/** The S3 client is loaded only where it is used: it takes time and memory. */
async function bucketOf(storage: S3Config, dataDir: string): Promise<S3Files> {
  const { S3Files: Store } = await import('./s3-files');
  return new Store(storage, join(dataDir, 'cache'));
}

/**
 * To be called before anything else is started: a bucket that cannot be used is found out at once.
 *
 * @throws ConfigurationError that names the bucket and what is wrong
 */
export async function checkStorage({ storage, dataDir }: AppConfig): Promise<void> {
  if (storage.kind === 'local') return;
  const bucket = await bucketOf(storage, dataDir);
  try {
    await bucket.check();
  } finally {
    bucket.onApplicationShutdown();
  }
}
