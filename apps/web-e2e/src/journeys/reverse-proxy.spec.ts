import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { Run } from '@gan-dashboard/shared-types';
import { DashboardPage } from '../pages/dashboard-page';
import { signIn, signOut } from '../pages/sign-on';
import { ApiClient, endless } from '../server/api-client';
import { DashboardServer } from '../server/dashboard-server';
import { ReverseProxy, whyNoProxy } from '../server/reverse-proxy';
import type { ProxyWish } from '../server/reverse-proxy';
import { cookieOfFirstAdministrator } from '../server/sign-on';
import { waitUntil } from '../server/wait-until';
import { consoleErrors } from '../test';

const prefix = '/tools/gan';
/** Together: each proxy at each place, each protocol at each, and the prefix stripped and kept. */
const wishes: ProxyWish[] = [
  { kind: 'nginx', basePath: '', strips: false, protocol: 'h2' },
  { kind: 'nginx', basePath: prefix, strips: true, protocol: 'http' },
  { kind: 'nginx', basePath: prefix, strips: false, protocol: 'h2' },
  { kind: 'haproxy', basePath: '', strips: false, protocol: 'https' },
  { kind: 'haproxy', basePath: prefix, strips: true, protocol: 'h2' },
];
const protocolNames = { http: 'HTTP/1.1', https: 'HTTP/1.1 with TLS', h2: 'HTTP/2 with TLS' };
const password = 'correct horse battery';
const sampleRows = 20;

/** One run, trained by the first process and watched through both: at `/` and below the prefix. */
const servers = new Map<string, DashboardServer>();
let run: Run;

test.beforeAll(async () => {
  const environment = { AUTH: 'local', TRUSTED_PROXIES: '127.0.0.1' };
  const first = await DashboardServer.start({ environment });
  servers.set('', first);
  servers.set(prefix, await first.startBeside({ basePath: prefix }));
  const api = new ApiClient(() => first.url, await cookieOfFirstAdministrator(first, password));
  const config = { ...endless, checkpoint_every: 10 };
  run = await api.startRun(await api.dataset('behind proxies'), 'behind proxies', config);
  await waitUntil('a checkpoint', 30_000, async () => (await api.checkpointCount(run.id)) > 0);
  await api.sample(run.id, sampleRows);
});
test.afterAll(async () => {
  for (const server of [...servers.values()].reverse()) await server.stop();
});

for (const wish of wishes) {
  const { kind, basePath, strips, protocol } = wish;
  const how = basePath === '' ? '' : strips ? ', stripped' : ', kept';
  test(`behind ${kind} at ${basePath}/${how}, by ${protocolNames[protocol]}`, async ({ browser }) => {
    const reason = await whyNoProxy(kind);
    test.skip(reason !== '', reason);
    const proxy = await ReverseProxy.to(servers.get(basePath)?.url ?? '', wish);
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    try {
      const page = await context.newPage();
      const complaints = [consoleErrors(page), failedRequests(page), requestsOutside(page, proxy.url)];
      await goThrough(page, proxy.url, wish);
      expect(complaints).toEqual([[], [], []]);
    } finally {
      // Before the proxy: a page that is open would ask it for something when it is gone.
      await context.close();
      await proxy.stop();
    }
  });
}

async function goThrough(page: Page, url: string, { basePath, protocol }: ProxyWish): Promise<void> {
  const dashboard = new DashboardPage(page, () => url);

  await test.step('sign in: the cookie holds for the prefix, and for TLS alone where there is TLS', async () => {
    await page.goto(url);
    await signIn(page, 'admin', password);
    await expect(dashboard.connection).toHaveText('Live');
    const spoken = await page.evaluate(() => performance.getEntriesByType('navigation').map((entry) => entry.toJSON()));
    expect(spoken).toMatchObject([{ nextHopProtocol: protocol === 'h2' ? 'h2' : 'http/1.1' }]);
    const isSecure = protocol !== 'http';
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ path: basePath || '/', secure: isSecure, httpOnly: true });
    expect(cookie?.name.startsWith('__Host-')).toBe(isSecure && basePath === '');
  });

  await test.step('a link into the dashboard is loaded again, and streams', async () => {
    await page.getByTestId('overview-run').getByRole('link', { name: run.name }).click();
    await expect(page).toHaveURL(new RegExp(`^${url}runs/${run.id}`));
    await page.reload();
    await expect(dashboard.status).toHaveText('running');
    await dashboard.seeEpochs(3);
  });

  await test.step('the WebSocket connects', async () => {
    await page.goto(new URL('sse-test', url).href);
    await page.getByTestId('probe-connect-websocket').click();
    await expect(page.getByTestId('probe-messages')).not.toHaveText('0');
    await page.getByTestId('probe-disconnect-websocket').click();
  });

  await test.step('a sample is downloaded', async () => {
    await page.goto(new URL('samples', url).href);
    const download = page.waitForEvent('download');
    await page.getByTestId('history-download').first().click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text.trimEnd().split(/\r?\n/)).toHaveLength(sampleRows + 1);
  });

  await test.step('the description of the API names this place', async () => {
    await page.goto(new URL('api/docs', url).href);
    // By class: on a page of this size, looking for names takes seconds.
    const named = await page.locator('.servers select').inputValue();
    expect(new URL(`${named}/`, page.url()).href).toBe(url);
  });

  await test.step('sign out', async () => {
    await page.goto(url);
    await signOut(page);
    expect(await page.context().cookies()).toEqual([]);
  });
}

/** Those that ended with an error, or without an answer while the page was still there. */
function failedRequests(page: Page): string[] {
  const failed: string[] = [];
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // A stream or a file that the page itself has left.
    if (reason !== 'net::ERR_ABORTED') failed.push(`${reason} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  return failed;
}

function requestsOutside(page: Page, url: string): string[] {
  const outside: string[] = [];
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(url)) outside.push(request.url());
  });
  return outside;
}
