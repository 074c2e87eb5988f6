import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { configureApp } from './configure-app';
import { listenOnFreePort } from './listen';
import { ConfigurationError, readConfig } from './platform/configuration/app-config';
import type { AppConfig } from './platform/configuration/app-config';
import { helpText } from './platform/configuration/configuration-texts';
import { requireDatabaseOf } from './platform/database/require-database';
import { checkStorage } from './platform/files/files.module';
import { AppLogger } from './platform/logging/app-logger';
import { shutDownOnSignals } from './shutdown';
import { TrainersFileError, readTrainers } from './training/process/trainers-file';

/** Node cuts a request off after 5 minutes; a large file over a slow line takes longer. */
const uploadDeadlineMs = 4 * 3_600_000;

async function serve(config: AppConfig): Promise<void> {
  requireDatabaseOf(config);
  await checkStorage(config);
  const logger = new AppLogger(config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  configureApp(app, { basePath: config.basePath, role: config.role });
  shutDownOnSignals(app, logger);
  const port = await listenOnFreePort(app, config.host, config.port);
  const server = app.getHttpServer();
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 30_000;
  server.requestTimeout = uploadDeadlineMs;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}${config.basePath}/`;
  const ready =
    config.role === 'worker' ? `GAN Dashboard worker is ready: ${url}readyz` : `GAN Dashboard is ready: ${url}`;
  process.stdout.write(`\n  ${ready}\n\n`);
}

if (process.argv.includes('--help')) {
  process.stdout.write(`${helpText()}\n`);
  process.exit(0);
}

try {
  const config = readConfig(process.env);
  // Read again where they are used; a mistake is named before anything is started.
  readTrainers(config);
  await serve(config);
} catch (error) {
  const isKnown =
    error instanceof ConfigurationError ||
    error instanceof TrainersFileError ||
    (error instanceof Error && error.name === 'EmbeddedPostgresError');
  process.stderr.write(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
