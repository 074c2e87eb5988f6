import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';
import { FileStore } from './file-store';
import { LocalFiles } from './local-files';
import { S3Files } from './s3-files';
import { FileSender } from './send-file';

/** The store of files that the configuration names: this machine's data folder, or a bucket. */
@Global()
@Module({
  providers: [FileSender, { provide: FileStore, inject: [APP_CONFIG], useFactory: storeFor }],
  exports: [FileSender, FileStore],
})
export class FilesModule {}

function storeFor({ storage, dataDir }: AppConfig): FileStore {
  return storage.kind === 's3' ? new S3Files(storage, join(dataDir, 'cache')) : new LocalFiles(dataDir);
}
