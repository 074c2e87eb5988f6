import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AppModule } from '../app.module';
import { configureApp } from '../configure-app';
import { APP_CONFIG, readConfig } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { createTestDatabase } from '../platform/database/testing/test-postgres';

export interface TestApp {
  app: NestExpressApplication;
  url: string;
  config: AppConfig;
  /** Ends the server as SIGTERM would, and leaves data and database as they are. */
  stop: () => Promise<void>;
  /** Starts another server on the same data, after this one or beside it. */
  restart: (changes?: Partial<AppConfig>) => Promise<TestApp>;
  /** Ends the server and removes its data. */
  close: () => Promise<void>;
}

/** The whole server on a database and a data folder of its own; child processes are the built ones. */
export async function startTestApp(overrides: Partial<AppConfig> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'gan-dashboard-app-'));
  const config: AppConfig = { ...readConfig({ DATA_DIR: dataDir, DATABASE_URL: database.url }), ...overrides };
  return startOn(config, async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
}

async function startOn(config: AppConfig, removeData: () => Promise<void>): Promise<TestApp> {
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(APP_CONFIG)
    .useValue(config)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: ['error'] });
  configureApp(app, { basePath: config.basePath, role: config.role });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= app.close());
  return {
    app,
    config,
    url: `http://127.0.0.1:${port}`,
    stop,
    restart: (changes = {}) => startOn({ ...config, ...changes }, removeData),
    close: async () => {
      await stop();
      await removeData();
    },
  };
}
