import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import type { Dataset, Run } from '@gan-dashboard/shared-types';
import { DashboardPage } from '../src/pages/dashboard-page';
import { ApiClient } from '../src/server/api-client';
import { DashboardServer } from '../src/server/dashboard-server';

const folder = fileURLToPath(new URL('../../../docs/screenshots', import.meta.url));
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
const themes = ['dark', 'light'] as const;
const largestBytes = 300_000;
const rows = 2_000;
/** Smaller networks and shorter epochs than by default: curves with a shape within half a minute. */
const config = {
  epochs: 25,
  steps_per_epoch: 40,
  batch_size: 100,
  generator_layers: [128, 128],
  critic_layers: [128, 128],
};

let server: DashboardServer;
let api: ApiClient;

test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  server = await DashboardServer.start();
  api = new ApiClient(() => server.url);
});
test.afterAll(async () => {
  await api.stopAllRuns();
  await server.stop();
});

test('pictures of the dashboard', async ({ browser }) => {
  await shoot(browser, 'empty', {}, async ({ page }) => expect(page.getByTestId('runs-empty')).toBeVisible());

  const dataset = await api.dataset('treasury order book', rows);
  await shoot(browser, 'data-set', { dataset: dataset.id }, async (dashboard) => {
    await expect(dashboard.page.getByTestId('preview-table')).toBeVisible();
    await expect.poll(() => dashboard.points('dataset-chart')).toBeGreaterThan(10);
  });

  await shootRunning(browser, dataset);
  await shootCompleted(browser, dataset);
  await shootInterrupted(browser, dataset);
  await shootPages(browser, dataset);
});

/** While it trains: with more epochs than the pictures take. */
async function shootRunning(browser: Browser, dataset: Dataset): Promise<void> {
  const run = await api.startRun(dataset, 'order book, under way', { ...config, epochs: 60 });
  await api.runWhen(run.id, ({ epoch }) => epoch >= 12);
  await shoot(browser, 'run-running', runOf(run, dataset), async (dashboard) => {
    await expect(dashboard.status).toHaveText('running');
    await expect.poll(() => dashboard.points('loss-chart')).toBeGreaterThan(10);
  });
  await api.stopAllRuns();
}

async function shootCompleted(browser: Browser, dataset: Dataset): Promise<void> {
  const run = await api.startRun(dataset, 'order book, 25 epochs', config);
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await api.sample(run.id, 1_000);
  await shoot(browser, 'run-completed', runOf(run, dataset), async (dashboard) => {
    await expect(dashboard.page.getByTestId('sample-table')).toBeVisible();
  });
  await shoot(browser, 'run-sample', runOf(run, dataset), async (dashboard) => {
    await dashboard.page.getByTestId('sample-table').scrollIntoViewIfNeeded();
    await dashboard.page.getByTestId('sample-form').scrollIntoViewIfNeeded();
  });
}

async function shootInterrupted(browser: Browser, dataset: Dataset): Promise<void> {
  const run = await api.startRun(dataset, 'order book, killed', config, { on_interruption: 'ask' });
  await api.runWhen(run.id, ({ epoch }) => epoch >= 3);
  process.kill(await server.trainerPid(run.id), 'SIGKILL');
  await shoot(browser, 'run-interrupted', runOf(run, dataset), (dashboard) => expect(dashboard.failure).toBeVisible());
}

/** The pages around the runs, with two of them that differ in their seed alone and one under way. */
async function shootPages(browser: Browser, dataset: Dataset): Promise<void> {
  const first = await api.startRun(dataset, 'order book, seed 1', config, { seed: 1 });
  const second = await api.startRun(dataset, 'order book, seed 2', config, { seed: 2 });
  for (const { id } of [first, second]) await api.runWhen(id, ({ status }) => status === 'completed');
  await api.sample(first.id, 1_000);
  const atWork = await api.startRun(dataset, 'order book, under way', { ...config, epochs: 600 });
  await api.runWhen(atWork.id, ({ epoch }) => epoch >= 4);
  const pages: [name: string, path: string, shown: RegExp][] = [
    ['overview', '', /Running now[^]*order book, under way/],
    ['runs', 'runs', /order book, seed 1/],
    ['compare', `compare?runs=${first.id},${second.id}`, /generator_loss/],
    ['run-charts', `runs/${first.id}?tab=charts`, /Losses/],
    ['run-settings', `runs/${first.id}?tab=overview`, /Epochs|epochs/],
    ['run-quality', `runs/${first.id}?tab=quality`, /Distributions over time/],
    ['run-log', `runs/${first.id}?tab=logs`, /Engine/],
    ['data-sets', 'datasets', /treasury order book/],
    ['data-set-page', `datasets/${dataset.id}`, /Distribution/],
    ['new-run', `new?dataset=${dataset.id}`, /Before it starts[^]*Parameters/],
    ['samples', 'samples', /order book, seed 1/],
    ['settings', 'settings', /Server[^]*Version/],
  ];
  for (const [name, path, shown] of pages)
    await eachLook(browser, name, async (page) => {
      await page.goto(new URL(path, server.url).href);
      await expect(page.locator('main')).toContainText(shown);
      await expect(page.locator('gd-skeleton')).toHaveCount(0);
    });
  await api.stopAllRuns();
}

const runOf = (run: Run, dataset: Dataset) => ({ run: run.id, dataset: dataset.id });

async function shoot(
  browser: Browser,
  name: string,
  opened: Parameters<DashboardPage['open']>[0],
  isReady: (dashboard: DashboardPage) => Promise<void>,
): Promise<void> {
  await eachLook(browser, name, async (page) => {
    const dashboard = new DashboardPage(page, () => server.url);
    await dashboard.open(opened);
    await isReady(dashboard);
  });
}

/** One picture for each size and theme, once `open` has all there. */
async function eachLook(browser: Browser, name: string, open: (page: Page) => Promise<void>): Promise<void> {
  for (const { width, height } of sizes) {
    for (const theme of themes) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await open(page);
      await save(page, `${name}-${width}-${theme}.png`);
      await context.close();
    }
  }
}

async function save(page: Page, fileName: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const path = join(folder, fileName);
  await page.screenshot({ path });
  expect(statSync(path).size, `${fileName}: bytes`).toBeLessThan(largestBytes);
}
