import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { DashboardServer } from '../server/dashboard-server';
import { expect, test } from '../test';

const password = 'correct horse battery';

/** In both themes of the system: the sign-in page has no switch for them. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
}

async function signIn(page: Page, name: string, secret = password): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(secret);
  await page.getByTestId('sign-in').click();
}

test('people sign in, go on after their session has ended, and see what they may not do', async ({ browser }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-sign-on-'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(passwordFile, 0o600);
  const environment = { AUTH: 'local', ADMIN_PASSWORD_FILE: passwordFile };
  const server = await DashboardServer.start({ environment });
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 390, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);

    await test.step('nothing is shown before the sign-in', async () => {
      await page.goto(server.url);
      await expect(page.getByTestId('sign-in-page')).toBeVisible();
      await expectAccessible(page, 'sign-in');
      await signIn(page, 'admin', 'not the password');
      await expect(page.getByTestId('sign-in-problem')).toHaveText('The name or the password is wrong.');
      await signIn(page, 'admin');
      await expect(page.getByTestId('connection-state')).toHaveText('Live');
    });

    await test.step('the administrator adds a viewer and makes a token', async () => {
      await page.getByTestId('account-open').click();
      await expect(page.getByTestId('account-role')).toHaveText('administrator');
      await page.getByTestId('users-link').click();
      await page.getByTestId('user-form').getByLabel('Name').fill('vera');
      await page.getByTestId('user-form').getByLabel('Password').fill(password);
      await page.getByTestId('user-add').click();
      await expect(page.getByTestId('user-list')).toContainText('vera');
      await expectAccessible(page, 'users');
      await page.getByTestId('account-open').click();
      await page.getByTestId('account-link').click();
      await page.getByTestId('token-form').getByLabel('Name').fill('a script');
      await page.getByTestId('token-create').click();
      await expectAccessible(page, 'account');
      const token = (await page.getByTestId('token-shown').textContent()) ?? '';
      const runs = await fetch(`${server.url}api/v1/runs`, { headers: { authorization: `Bearer ${token}` } });
      expect(runs.status).toBe(200);
      expect(server.log).not.toContain(token);
    });

    await test.step('a session that has ended takes nothing along', async () => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${server.url}workspace`);
      await page.getByTestId('generate-open').click();
      const rows = page.getByTestId('generate-form').getByLabel('Rows');
      await rows.fill('1234');
      const [cookie] = await context.cookies();
      const headers = { cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}`, origin: new URL(server.url).origin };
      await fetch(`${server.url}api/v1/session`, { method: 'DELETE', headers });
      await expect(page.getByTestId('expired-dialog')).toBeVisible();
      await expectAccessible(page, 'expired');
      await page.getByLabel('Password').fill(password);
      await page.getByTestId('sign-in').click();
      await expect(page.getByTestId('expired-dialog')).toHaveCount(0);
      await expect(rows).toHaveValue('1234');
      await expect(page.getByTestId('connection-state')).toHaveText('Live');
    });

    await test.step('a viewer is told what is missing', async () => {
      await page.getByTestId('account-open').click();
      await page.getByTestId('sign-out').click();
      await expect(page.getByTestId('sign-in-page')).toBeVisible();
      await signIn(page, 'vera');
      await expect(page.getByTestId('generate-open')).toBeDisabled();
      await expect(page.getByTestId('upload-hint')).toContainText('ask an administrator for trainer');
    });
  } finally {
    await context.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
