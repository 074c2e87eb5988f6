import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../app.module';
import { configureApp } from '../../configure-app';
import { APP_CONFIG, readConfig } from '../../platform/configuration/app-config';
import { createTestDatabase } from '../../platform/database/testing/test-postgres';
import { scratchFolder } from '../../datasets/testing/scratch-folder';
import { Browser, authOf, password } from '../testing/identity-client';
import { SETUP_OUTPUT } from './first-administrator';

describe('the first administrator', () => {
  let app: NestExpressApplication;
  let url: string;
  let close: () => Promise<void>;
  let shown = '';

  beforeAll(async () => {
    const database = await createTestDatabase();
    const folder = scratchFolder();
    const config = {
      ...readConfig({ DATABASE_URL: database.url, DATA_DIR: folder.path }),
      auth: authOf({ AUTH: 'local' }),
    };
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(APP_CONFIG)
      .useValue(config)
      .overrideProvider(SETUP_OUTPUT)
      .useValue((text: string) => (shown += text))
      .compile();
    app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: ['error'] });
    configureApp(app, { basePath: '' });
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    close = async () => {
      await app.close();
      await database.drop();
      folder.remove();
    };
  }, 60_000);
  afterAll(() => close());

  it('is made once, with the token that the server showed, and there is no default password', async () => {
    const [, token = ''] = /^ {6}(\S{43})$/m.exec(shown) ?? [];
    expect(token).not.toBe('');
    const browser = new Browser(url);
    expect(await (await browser.request('/api/v1/session')).json()).toMatchObject({ setup_required: true, user: null });
    expect((await browser.signIn('admin', 'admin')).status).toBe(401);
    const setUp = (with_: string, secret = password) =>
      browser.send('POST', '/api/v1/session/setup', { token: with_, name: 'root', password: secret });
    expect((await setUp('a'.repeat(43))).status).toBe(403);
    expect((await setUp(token, 'too short')).status).toBe(400);
    expect((await setUp(token)).status).toBe(201);
    expect(await (await browser.request('/api/v1/session')).json()).toMatchObject({
      setup_required: false,
      user: { name: 'root', role: 'administrator' },
    });
    expect((await setUp(token)).status).toBe(403);
  });
});
