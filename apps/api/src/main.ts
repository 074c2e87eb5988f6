import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { configureApp } from './configure-app';
import { listenOnFreePort } from './listen';
import { ConfigurationError, readConfig } from './platform/configuration/app-config';
import type { AppConfig } from './platform/configuration/app-config';
import { DatabaseServer } from './platform/database/database-server';
import { AppLogger } from './platform/logging/app-logger';
import { TrainersFileError } from './training/process/trainers-file';

/** A shutdown that takes longer than this is cut short. */
const shutdownDeadlineMs = 45_000;

/** Node cuts a request off after 5 minutes; a large file over a slow line takes longer. */
const uploadDeadlineMs = 4 * 3_600_000;

async function serve(config: AppConfig): Promise<void> {
  const logger = new AppLogger(config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  configureApp(app, { basePath: config.basePath });
  const stop = stopOnce(app, logger);
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // Started by tools/start.mjs: when that is killed, the server must not stay behind.
  if (process.env['GAN_DASHBOARD_SUPERVISED'] === '1') process.once('disconnect', () => stop('the launcher has gone'));
  const port = await listenOnFreePort(app, config.host, config.port);
  const server = app.getHttpServer();
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 30_000;
  server.requestTimeout = uploadDeadlineMs;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  process.stdout.write(`\n  GAN Dashboard is ready: http://${host}:${port}${config.basePath}/\n\n`);
}

/** Ends everything in order, exactly once: streams and trainers first, then HTTP, then the database. */
function stopOnce(app: NestExpressApplication, logger: AppLogger): (cause: string) => void {
  let isStopping = false;
  return (cause) => {
    if (isStopping) return;
    isStopping = true;
    logger.log(`stopping (${cause})`, 'Main');
    setTimeout(() => {
      logger.error('the shutdown took too long and was cut short', 'Main');
      process.exit(1);
    }, shutdownDeadlineMs).unref();
    shutDown(app).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(error, 'Main');
        process.exit(1);
      },
    );
  };
}

async function shutDown(app: NestExpressApplication): Promise<void> {
  const database = app.get(DatabaseServer);
  // Keep-alive connections without a request would hold the server open.
  const idle = setInterval(() => app.getHttpServer().closeIdleConnections(), 100);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    await database.stop();
  }
}

try {
  await serve(readConfig(process.env));
} catch (error) {
  const isKnown =
    error instanceof ConfigurationError ||
    error instanceof TrainersFileError ||
    (error instanceof Error && error.name === 'EmbeddedPostgresError');
  process.stderr.write(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
