import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectNoViolation } from '../pages/accessibility';
import { signIn, signOut } from '../pages/sign-on';
import { DashboardServer } from '../server/dashboard-server';
import { OpenIdProvider } from '../server/open-id-provider';

const password = 'correct horse battery';

/** In both themes of the system: the sign-in page has no switch for them. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectNoViolation(page, `${state}, ${colorScheme}`);
  }
}

let server: DashboardServer;
test.beforeAll(async () => {
  server = await DashboardServer.start({ environment: { AUTH: 'local' } });
});
test.afterAll(() => server.stop());

test('people sign in, go on after their session has ended, and see what they may not do', async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 390, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);

    await test.step('the first person makes the administrator with the token of the terminal', async () => {
      await page.goto(server.url);
      await expect(page.getByText('There is no administrator yet.')).toBeVisible();
      await expectAccessible(page, 'set-up');
      await page.getByLabel('Setup token').fill('not the token');
      await signIn(page, 'admin', password);
      await expect(page.getByTestId('sign-in-problem')).toContainText('The setup token is not valid.');
      await page.getByLabel('Setup token').fill(server.setupToken);
      await page.getByTestId('sign-in').click();
      await expect(page.getByTestId('connection-state')).toHaveText('Live');
      await signOut(page);
    });

    await test.step('nothing is shown before the sign-in', async () => {
      await expect(page.getByLabel('Setup token')).toBeHidden();
      await expectAccessible(page, 'sign-in');
      await signIn(page, 'admin', 'not the password');
      await expect(page.getByTestId('sign-in-problem')).toHaveText('The name or the password is wrong.');
      await signIn(page, 'admin', password);
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
      await signOut(page);
      await signIn(page, 'vera', password);
      await expect(page.getByTestId('generate-open')).toBeDisabled();
      await expect(page.getByTestId('upload-hint')).toContainText('ask an administrator for trainer');
    });
  } finally {
    await context.close();
  }
});

test('people sign in with their provider, and come back to the page they wanted', async ({ browser }) => {
  const { origin } = new URL(server.url);
  const people = { ann: ['quants'], eve: ['others'] };
  const provider = await OpenIdProvider.start(`${origin}/api/v1/session/oidc/callback`, people);
  const context = await browser.newContext();
  try {
    await context.route(provider.fonts, (route) => route.abort());
    await server.halt();
    await server.resume({ ...provider.settings, AUTH: 'oidc', PUBLIC_URL: server.url, TRAINER_GROUPS: 'quants' });
    const page = await context.newPage();

    await page.goto(new URL('settings?theme=dark', server.url).href);
    await page.getByTestId('sign-in-provider').click();
    await provider.signIn(page, 'ann');
    await expect(page.getByTestId('server-facts')).toBeVisible();
    await expect(page).toHaveURL(/\/settings\?theme=dark$/);
    await expect(page.getByTestId('connection-state')).toHaveText('Live');
    await page.getByTestId('account-open').click();
    await expect(page.getByTestId('account-role')).toHaveText('trainer');
    await page.getByTestId('account-open').click();
    await signOut(page);

    // The provider still knows her; the next person is somebody else.
    await context.clearCookies();
    await page.getByTestId('sign-in-provider').click();
    await provider.signIn(page, 'eve');
    await expect(page.getByTestId('sign-in-outcome')).toContainText('you may not use this dashboard');
    await expect(page.getByTestId('sign-in-provider')).toBeVisible();
    await expectAccessible(page, 'refused');
  } finally {
    await context.close();
    await provider.stop();
  }
});
