import { readFile } from 'node:fs/promises';
import { datasetSchema } from '@gan-dashboard/shared-types';
import type { Dataset } from '@gan-dashboard/shared-types';
import { DashboardPage } from '../pages/dashboard-page';
import { expectAccessible } from '../pages/accessibility';
import { ApiClient, quickConfig } from '../server/api-client';
import { DashboardServer } from '../server/dashboard-server';
import { waitUntil } from '../server/wait-until';
import { expect, test } from '../test';

test('a report of a run is asked for, read, downloaded and deleted', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('reported data');
  const run = await api.startRun(dataset, 'to be reported', { ...quickConfig, epochs: 2 });
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await dashboard.open({ run: run.id });

  await page.getByTestId('report-button').click();
  await expect(page).toHaveURL(/\/reports\/[0-9a-f-]{36}$/);
  await expect(page.getByTestId('report-title')).toContainText('Quality of to be reported');
  await expect(page.getByTestId('report-status')).toHaveText('ready', { timeout: 80_000 });

  const shapes = page.locator('[data-testid="report-score"][data-name="column_shapes"]');
  await expect(shapes.getByTestId('report-score-value')).toHaveText(/^[01]\.\d{3}$/);
  await expect(page.getByTestId('report-privacy')).toContainText('synthetic rows');
  await expect(page.getByTestId('report-column').first()).toBeVisible();
  await expect(page.getByTestId('report-lineage')).toContainText('SHA-256 of the checkpoint');

  const download = page.waitForEvent('download');
  await page.getByTestId('report-file').click();
  const html = await readFile(await (await download).path(), 'utf8');
  expect(html).toContain('Quality of to be reported');
  expect(html).not.toMatch(/<script|<link|src=/);

  await page.getByTestId('all-reports').click();
  await expect(page.getByTestId('report-item')).toContainText(['Quality of to be reported']);
  await page.getByRole('link', { name: /Quality of to be reported/ }).click();
  await page.getByTestId('report-delete').click();
  await page.getByTestId('confirm-button').click();
  await expect(page.getByTestId('reports-empty')).toBeVisible();
});

test('a report, wide and narrow, breaks no rule of accessibility', async ({ dashboard, api, page }) => {
  // Thousands of cells of the heat maps are looked at in each of six states.
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const dataset = await api.dataset('accessible report');
  const run = await api.startRun(dataset, 'accessible report', { ...quickConfig, epochs: 2 });
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await dashboard.open({ run: run.id });
  await page.getByTestId('report-button').click();
  await expect(page.getByTestId('report-status')).toHaveText('ready', { timeout: 80_000 });
  await expectAccessible(dashboard, 'report');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(dashboard, 'report, narrow');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, 'pixels that stick out of a narrow screen').toBeLessThanOrEqual(0);
  await page.getByTestId('all-reports').click();
  await expectAccessible(dashboard, 'reports, narrow');
});

test('the download gate refuses a sample, until somebody says why it may go', async ({
  page,
  quietConsole: _quiet,
}) => {
  const server = await DashboardServer.start({ environment: { SAMPLE_GATE_MAX_EXACT_SHARE: '0' } });
  try {
    const api = new ApiClient(() => server.url);
    const dashboard = new DashboardPage(page, () => server.url);
    const run = await api.startRun(await fourRows(server.url), 'gated', { ...quickConfig, epochs: 2 });
    await api.runWhen(run.id, ({ status }) => status === 'completed');
    await api.sample(run.id, 100);
    await dashboard.open({ run: run.id });
    await expect(page.getByTestId('gate-refused')).toContainText('100 of 100 rows (100 %) equal a row');
    await expect(page.getByTestId('sample-download')).toBeHidden();
    await page.getByTestId('gate-reason').fill('Approved by the owner of the data.');
    await page.getByTestId('gate-override').click();
    await expect(page.getByTestId('gate-overridden')).toContainText('Approved by the owner');
    await expect(page.getByTestId('sample-download')).toBeVisible();
  } finally {
    await page.close();
    await server.stop();
  }
});

/** A table of four different rows: whatever a model draws of it was there before. */
async function fourRows(url: string): Promise<Dataset> {
  const rows = Array.from({ length: 400 }, (_, row) => `${['a', 'b'][row % 2]},${['x', 'y'][(row >> 1) % 2]}`);
  const form = new FormData();
  form.set('file', new Blob([`one,other\n${rows.join('\n')}\n`]), 'four-rows.csv');
  const created = datasetSchema.parse(
    await (await fetch(new URL('api/v1/datasets', url), { method: 'POST', body: form })).json(),
  );
  return waitUntil('the table of four rows', 30_000, async () => {
    const dataset = datasetSchema.parse(await (await fetch(new URL(`api/v1/datasets/${created.id}`, url))).json());
    return dataset.status === 'ready' && dataset;
  });
}
