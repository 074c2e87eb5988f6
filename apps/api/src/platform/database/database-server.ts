import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';
import { startEmbeddedPostgres } from './embedded/embedded-postgres';
import type { EmbeddedPostgres } from './embedded/embedded-postgres';
import { isRunning } from './embedded/processes';

const lookMs = 500;

/**
 * The server that the API stores everything in: the one that `DATABASE_URL` names, else an embedded one. An embedded
 * server that dies is started again on the same port; whoever waits for the database then goes on by itself.
 */
@Injectable()
export class DatabaseServer {
  private readonly logger = new Logger('Database');
  private embedded: EmbeddedPostgres | undefined;
  private watch: NodeJS.Timeout | undefined;
  private restarting: Promise<void> | undefined;

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** @throws EmbeddedPostgresError saying what is wrong and the way out. */
  async url(): Promise<string> {
    if (this.config.databaseUrl !== undefined) return this.config.databaseUrl;
    if (!this.embedded) {
      this.embedded = await this.start();
      this.watch = setInterval(() => this.look(), lookMs);
      this.watch.unref();
    }
    return this.embedded.url;
  }

  /** Stops the embedded server; to be called when nothing uses the database any more. */
  async stop(): Promise<void> {
    clearInterval(this.watch);
    await this.restarting;
    const server = this.embedded;
    this.embedded = undefined;
    await server?.stop();
  }

  private start(port?: number): Promise<EmbeddedPostgres> {
    return startEmbeddedPostgres({
      home: join(this.config.dataDir, 'postgres'),
      log: (message) => this.logger.log(message),
      ...(port === undefined ? {} : { port }),
    });
  }

  private look(): void {
    const dead = this.embedded;
    if (!dead || this.restarting || isRunning(dead.pid)) return;
    this.logger.error(`PostgreSQL (process ${dead.pid}) has died and is started again`);
    this.restarting = this.replace(dead)
      .catch((error: unknown) => this.logger.error(`PostgreSQL did not start again: ${String(error)}`))
      .finally(() => (this.restarting = undefined));
  }

  private async replace(dead: EmbeddedPostgres): Promise<void> {
    await dead.stop();
    this.embedded = await this.start(Number(new URL(dead.url).port));
    if (this.embedded.url === dead.url) return;
    this.logger.error('PostgreSQL runs again, but on another port: restart the dashboard, so that it finds it');
  }
}
