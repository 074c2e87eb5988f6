import type { Page } from '@playwright/test';
import { expectAccessible, expectNoViolation } from '../pages/accessibility';
import { quickConfig } from '../server/api-client';
import { expect, test } from '../test';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('a data set', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('accessible data');
  await dashboard.open({ dataset: dataset.id });
  await expect(page.getByTestId('preview-table')).toBeVisible();
  await page.getByTestId('generate-open').click();
  await dashboard.configure({ epochs: 'many' });
  await expect(page.getByTestId('config-error-epochs')).toBeVisible();
  await expectAccessible(dashboard, 'data set, with wrong settings');
});

test('a run: under way, interrupted', async ({ dashboard, api, server }) => {
  const dataset = await api.dataset('accessible runs');
  const run = await api.runningRun(dataset, 'accessible run', { on_interruption: 'ask' });
  await dashboard.open({ run: run.id });
  await dashboard.seeEpochs(1);
  await expectAccessible(dashboard, 'running');

  process.kill(await server.trainerPid(run.id), 'SIGKILL');
  await expect(dashboard.failure).toBeVisible();
  await expectAccessible(dashboard, 'interrupted');
});

test('a run: completed, with a sample, wide and narrow', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('accessible samples');
  const run = await api.startRun(dataset, 'accessible result', { ...quickConfig, epochs: 2 });
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await api.sample(run.id, 50);
  await dashboard.open({ run: run.id });
  await expect(page.getByTestId('sample-table')).toBeVisible();
  await expectAccessible(dashboard, 'completed');

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible();
  await expectAccessible(dashboard, 'completed, narrow');
  for (const pane of ['Data', 'Train']) {
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: pane, exact: true }).click();
    await expectAccessible(dashboard, `${pane}, narrow`);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, 'pixels that stick out of a narrow screen').toBeLessThanOrEqual(0);
});

test('the overview, the search and the settings, wide and narrow', async ({ dashboard, api, page, server }) => {
  const dataset = await api.dataset('accessible overview');
  const run = await api.runningRun(dataset, 'accessible now');
  await page.goto(server.url);
  const item = page.getByTestId('overview-run').filter({ hasText: run.name });
  await expect(item.getByRole('img', { name: /^Losses over/ })).toBeVisible();
  await expectAccessible(dashboard, 'overview');

  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('accessible now');
  await expect(page.getByTestId('palette-option').first()).toContainText(run.name);
  await expectNoViolation(page, 'search');
  await page.getByTestId('palette-input').fill('settings');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('server-facts')).toBeVisible();
  await expectAccessible(dashboard, 'settings');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
  await expect(item).toBeVisible();
  await expectAccessible(dashboard, 'overview, narrow');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, 'pixels that stick out of a narrow screen').toBeLessThanOrEqual(0);
});

test('every page: wide and light, narrow and dark, and nothing sticks out from 320 to 3840 px', async ({
  api,
  dashboard,
  page,
  server,
}) => {
  test.setTimeout(180_000);
  const dataset = await api.dataset('accessible pages');
  const run = await api.startRun(dataset, 'accessible pages', { ...quickConfig, epochs: 2 });
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await api.sample(run.id, 20);
  const pages: [path: string, shown: RegExp][] = [
    ['', /Running now/],
    ['workspace', /accessible pages/],
    ['sse-test', /Stream inspector/],
    ['settings', /Version/],
    ['runs', /accessible pages/],
    [`compare?runs=${run.id}`, /generator_loss/],
    ['datasets', /accessible pages/],
    [`datasets/${dataset.id}`, /Distribution/],
    [`new?dataset=${dataset.id}`, /Before it starts[^]*Parameters/],
    ['samples', /accessible pages/],
    ['reports', /report/i],
    ['notifications', /notification/i],
    [`runs/${run.id}?tab=overview`, /epochs/i],
    [`runs/${run.id}?tab=charts`, /Losses/],
    [`runs/${run.id}?tab=quality`, /Distributions over time/],
    [`runs/${run.id}?tab=privacy`, /training/],
    [`runs/${run.id}?tab=samples`, /20 rows/],
    [`runs/${run.id}?tab=checkpoints`, /epoch 2/i],
    [`runs/${run.id}?tab=logs`, /Engine/],
    [`runs/${run.id}?tab=system`, /Processor/],
    [`runs/${run.id}?tab=events`, /run\.create|created|training_start/i],
  ];
  for (const [path, shown] of pages) {
    await test.step(path, async () => {
      await page.setViewportSize({ width: 1440, height: 844 });
      await page.goto(new URL(path, server.url).href);
      await expect(page.locator('main')).toContainText(shown);
      await expect(page.locator('gd-skeleton')).toHaveCount(0);
      await dashboard.chooseTheme('light');
      await expectNoViolation(page, `${path}, wide, light`);
      await page.setViewportSize({ width: 390, height: 844 });
      await dashboard.chooseTheme('dark');
      await expectNoViolation(page, `${path}, narrow, dark`);
      for (const width of [390, 320, 3840]) await expectInside(page, path, width);
    });
  }
});

/** Nothing that is shown sticks out of a screen of this width: the page never scrolls sideways. */
async function expectInside(page: Page, path: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 844 });
  // Charts and tables follow the width in frames of their own.
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(overflow, `${path}, ${width} px: pixels that stick out`).toBeLessThanOrEqual(0);
}
