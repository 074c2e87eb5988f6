import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { databaseOptions } from './database.options';
import { DatabaseServer } from './database-server';
import { DatabaseSession } from './database-session';
import { underMigrationLock } from './migration-lock';

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
      dataSourceFactory: (options) => {
        if (options?.type !== 'postgres' || options.url === undefined) throw new Error('there is no database to open');
        return underMigrationLock(options.url, () => new DataSource(options).initialize());
      },
    }),
  ],
  providers: [DatabaseSession],
  exports: [DatabaseSession],
})
export class DatabaseModule {}
