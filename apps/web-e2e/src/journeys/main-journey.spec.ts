import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { countLoads } from '../pages/dashboard-page';
import type { DashboardPage } from '../pages/dashboard-page';
import { expect, test } from '../test';

const sampleFile = fileURLToPath(new URL('../../../../../shared/data/treasury_orderbook_sample.csv', import.meta.url));
const epochs = 6;

test('from a CSV to synthetic rows', async ({ dashboard, page }) => {
  const loads = countLoads(page);
  await dashboard.open();
  const name = await addOrderBook(dashboard, page);

  await test.step('preview', async () => {
    await expect(page.getByTestId('dataset-name')).toHaveText(name);
    await expect.poll(() => dashboard.points('dataset-chart')).toBeGreaterThan(100);
    await expect(page.getByTestId('column-table').locator('tbody tr')).toHaveCount(21);
    await expect(page.getByTestId('preview-table').locator('tbody tr')).toHaveCount(20);
    await expect(dashboard.startReason).toContainText(`rows of “${name}”`);
  });

  await dashboard.configure({
    epochs: String(epochs),
    batch_size: '100',
    steps_per_epoch: '60',
    latent_dim: '32',
    generator_layers: '64, 64',
    critic_layers: '64, 64',
  });
  await dashboard.start.click();

  await test.step('three epochs arrive by themselves', async () => {
    await dashboard.seeEpochs(3);
    await expect.poll(() => dashboard.points('loss-chart')).toBeGreaterThanOrEqual(3);
    await expect.poll(() => dashboard.points('score-chart')).toBeGreaterThanOrEqual(3);
    await expect.poll(() => dashboard.logLineCount()).toBeGreaterThan(0);
    await expect(dashboard.progressText).toContainText(/^\d+(\.\d)? %, epoch \d of 6/);
  });

  await test.step('completes', async () => {
    await expect(dashboard.status).toHaveText('completed');
    await expect(dashboard.figure('epoch')).toHaveText(`${epochs} / ${epochs}`);
    await expect(dashboard.progressText).toContainText('100 %');
    await expect.poll(() => dashboard.points('loss-chart')).toBe(epochs);
    await expect(page.getByTestId('loss-chart-note')).toHaveText(`run completed at epoch ${epochs}`);
    expect(loads()).toBe(1);
  });

  await test.step('a reload shows the same', async () => {
    const before = await whatIsShown(dashboard);
    await page.reload();
    await expect(dashboard.status).toHaveText('completed');
    await expect.poll(() => whatIsShown(dashboard)).toEqual(before);
  });

  await test.step('synthetic rows', () => drawAndDownload(page));
});

/** The order book of the shared data, uploaded; where that is absent, one from the page's own generator. */
async function addOrderBook(dashboard: DashboardPage, page: Page): Promise<string> {
  if (existsSync(sampleFile)) {
    await page.getByTestId('upload-input').setInputFiles(sampleFile);
    await expect(dashboard.datasetItem('treasury_orderbook_sample').first()).toHaveAttribute('data-status', 'ready');
    return 'treasury_orderbook_sample';
  }
  test.info().annotations.push({ type: 'data', description: 'treasury_orderbook_sample.csv is absent: generated' });
  console.log(`${sampleFile} is absent: the journey goes with a generated order book`);
  await page.getByTestId('generate-open').click();
  await page.getByLabel('Rows').first().fill('4000');
  await page.getByTestId('generate-submit').click();
  const item = page.getByTestId('dataset-item').first();
  await expect(item).toHaveAttribute('data-status', 'ready');
  return item.locator('.name').innerText();
}

/** All figures, curves and lines of the open run. */
async function whatIsShown(dashboard: DashboardPage) {
  const { page } = dashboard;
  return {
    figures: await page.locator('gd-run-head dd').allInnerTexts(),
    progress: await dashboard.progressText.innerText(),
    name: await dashboard.runName.innerText(),
    losses: await dashboard.chart('loss-chart').getAttribute('aria-label'),
    scores: await dashboard.chart('score-chart').getAttribute('aria-label'),
    points: await dashboard.points('loss-chart'),
    lines: await dashboard.logLineCount(),
  };
}

async function drawAndDownload(page: Page): Promise<void> {
  const rows = 250;
  await page.getByTestId('sample-rows').fill(String(rows));
  const csv = await downloadSample(page, 'csv');
  const table = page.getByTestId('sample-table');
  await expect(table.locator('tbody tr')).toHaveCount(20);
  const headings = await table.locator('thead th').allInnerTexts();
  const lines = csv.toString('utf8').trimEnd().split(/\r?\n/);
  expect(lines[0]?.split(',')).toEqual(headings);
  expect(headings).toContain('bid_price_1');
  expect(lines).toHaveLength(rows + 1);
  expect(lines.every((line) => line.split(',').length === headings.length)).toBe(true);

  const parquet = await downloadSample(page, 'parquet');
  expect(parquet.subarray(0, 4).toString('latin1')).toBe('PAR1');
  expect(parquet.subarray(-4).toString('latin1')).toBe('PAR1');
}

/** Asks for a sample in the open run and takes its file. */
async function downloadSample(page: Page, format: 'csv' | 'parquet'): Promise<Buffer> {
  const samples = page.getByTestId('sample-item');
  const known = await samples.count();
  await page.getByTestId('sample-format').selectOption(format);
  await page.getByTestId('sample-button').click();
  await expect(samples).toHaveCount(known + 1);
  await expect(samples.first()).toHaveAttribute('data-status', 'ready');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    samples.first().getByTestId('sample-download').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format}$`));
  return readFileSync(await download.path());
}
