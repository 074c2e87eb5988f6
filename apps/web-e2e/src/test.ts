import { expect, test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { DashboardPage } from './pages/dashboard-page';
import { ApiClient } from './server/api-client';
import { DashboardServer } from './server/dashboard-server';

export { expect } from '@playwright/test';

interface TestFixtures {
  /** The page on the shared server. */
  dashboard: DashboardPage;
  api: ApiClient;
  /** Console messages that the journey brings about on purpose; any other error fails the test. */
  expectedErrors: RegExp[];
  quietConsole: undefined;
  tidyRuns: undefined;
}

interface WorkerFixtures {
  /** One server for all journeys; each makes its own data sets and runs. */
  server: DashboardServer;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants a destructured first parameter
    async ({}, use) => {
      const server = await DashboardServer.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  api: async ({ server }, use) => {
    await use(new ApiClient(() => server.url));
  },
  dashboard: async ({ server, page }, use) => {
    await use(new DashboardPage(page, () => server.url));
  },
  expectedErrors: [[], { option: true }],
  quietConsole: [
    async ({ page, expectedErrors }, use) => {
      const errors = consoleErrors(page);
      await use(undefined);
      const unexpected = errors.filter((text) => !expectedErrors.some((pattern) => pattern.test(text)));
      expect(unexpected, 'errors in the console of the browser').toEqual([]);
    },
    { auto: true },
  ],
  tidyRuns: [
    async ({ api }, use) => {
      await use(undefined);
      await api.stopAllRuns();
    },
    { auto: true },
  ],
});

/** What goes wrong in a page, as it comes. */
export function consoleErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  return errors;
}
