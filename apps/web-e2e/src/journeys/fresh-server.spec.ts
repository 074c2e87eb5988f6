import { expectAccessible } from '../pages/accessibility';
import { DashboardPage } from '../pages/dashboard-page';
import { ApiClient, endless } from '../server/api-client';
import { DashboardServer } from '../server/dashboard-server';
import { consoleErrors, expect, test } from '../test';

const basePath = '/tools/gan';

test('the first person on a new server, under a sub-path', async ({ browser }) => {
  const server = await DashboardServer.start({ basePath });
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    const errors = consoleErrors(page);
    const dashboard = new DashboardPage(page, () => server.url);
    expect(new URL(server.url).pathname).toBe(`${basePath}/`);
    const outside: string[] = [];
    page.on('request', (request) => {
      const { pathname, protocol } = new URL(request.url());
      if (protocol === 'http:' && !pathname.startsWith(`${basePath}/`)) outside.push(request.url());
    });

    await test.step('an empty page says what to do', async () => {
      await dashboard.open();
      await expect(page.getByTestId('first-steps')).toContainText('Your first run in three steps');
      await expect(page.getByTestId('datasets-empty')).toBeVisible();
      await expect(page.getByTestId('runs-empty')).toBeVisible();
      await expectAccessible(dashboard, 'empty');
    });

    await test.step('two clicks to the first run', async () => {
      await page.getByTestId('first-generate').click();
      await expect(dashboard.start).toBeEnabled();
      await dashboard.start.click();
      await dashboard.seeEpochs(1);
      await expect(dashboard.status).toHaveText('running');
      await dashboard.stop.click();
      await expect(dashboard.status).toHaveText('stopped');
    });

    await test.step('the API and the events are under the sub-path too', async () => {
      const api = new ApiClient(() => server.url);
      const run = await api.startRun(await api.dataset('under a sub-path'), 'sub-path', endless);
      await dashboard.runItem('sub-path').getByRole('button').click();
      await dashboard.seeEpochs(2);
      expect((await fetch(new URL('api/openapi.json', server.url))).status).toBe(200);
      await page.goto(`${server.url}?run=${run.id}`);
      await dashboard.seeEpochs(1);
    });
    expect(outside).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
    // With a run under way: the server ends its trainer and its database before itself.
    await server.stop();
  }
});
