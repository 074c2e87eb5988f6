import { join } from 'node:path';
import { Global, Inject, Injectable, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';
import { DatabaseSession } from './database-session';
import { databaseOptions } from './database.options';
import { startEmbeddedPostgres } from './embedded/embedded-postgres';
import type { EmbeddedPostgres } from './embedded/embedded-postgres';

/** The server that the API stores everything in: the one that `DATABASE_URL` names, else an embedded one. */
@Injectable()
export class DatabaseServer {
  private readonly logger = new Logger('Database');
  private embedded: EmbeddedPostgres | undefined;

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** @throws EmbeddedPostgresError saying what is wrong and the way out. */
  async url(): Promise<string> {
    if (this.config.databaseUrl !== undefined) return this.config.databaseUrl;
    this.embedded ??= await startEmbeddedPostgres({
      home: join(this.config.dataDir, 'postgres'),
      log: (message) => this.logger.log(message),
    });
    return this.embedded.url;
  }

  /** Stops the embedded server; to be called when nothing uses the database any more. */
  async stop(): Promise<void> {
    const server = this.embedded;
    this.embedded = undefined;
    await server?.stop();
  }
}

@Global()
@Module({ providers: [DatabaseServer], exports: [DatabaseServer] })
export class DatabaseServerModule {}

@Global()
@Module({
  imports: [
    DatabaseServerModule,
    TypeOrmModule.forRootAsync({
      inject: [DatabaseServer],
      useFactory: async (server: DatabaseServer) => ({
        ...databaseOptions(await server.url()),
        autoLoadEntities: true,
        retryAttempts: 5,
        retryDelay: 1_000,
      }),
    }),
  ],
  providers: [DatabaseSession],
  exports: [DatabaseSession],
})
export class DatabaseModule {}
