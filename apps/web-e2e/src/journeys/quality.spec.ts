import { expectAccessible } from '../pages/accessibility';
import { endless, quickConfig } from '../server/api-client';
import { expect, test } from '../test';

test('a run shows its quality, what its rows lack and its verdict while it trains', async ({
  dashboard,
  api,
  page,
}) => {
  const dataset = await api.dataset('measured data', 600);
  const run = await api.startRun(dataset, 'measured run', { ...endless, quality_budget: 50 });
  await dashboard.open({ run: run.id });

  const chart = page.getByTestId('quality-chart');
  await expect(chart).toBeVisible();
  const points = async () => Number(await chart.getAttribute('data-points'));
  const before = await points();
  await expect.poll(points, { message: 'measurements arrive' }).toBeGreaterThan(before + 2);
  await expect(chart).toHaveAttribute('aria-label', /Quality 0\..* Floor 0\..* Ceiling 0\./);
  await expect(page.getByTestId('coverage-text')).toContainText(/At epoch \d+, \d+ of \d+ columns have all/);
  await expect(dashboard.runItem('measured run').getByTestId('health-chip')).toBeVisible();
  await expect(page.getByTestId('health-details')).toContainText('Rule:');
});

test('what was measured of a run is read by keyboard, as a table, and on a narrow screen', async ({
  dashboard,
  api,
  page,
}) => {
  const dataset = await api.dataset('read data', 600);
  const run = await api.startRun(dataset, 'read run', { ...quickConfig, epochs: 12, quality_budget: 100 });
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await dashboard.open({ run: run.id });
  await expect(page.getByTestId('quality-chart')).toBeVisible();

  const column = page.getByTestId('coverage-map').getByRole('button').first();
  await column.press('Enter');
  await expect(column).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByTestId('value-map').getByRole('listitem').first()).toBeVisible();
  await page.getByTestId('health-details').locator('summary').press('Enter');
  await expectAccessible(dashboard, 'quality');
  await page.getByTestId('quality-table-toggle').press('Enter');
  await expect(page.getByTestId('coverage-table').getByRole('row').nth(1)).toContainText('%');

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByTestId('quality-panel')).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, 'pixels that stick out of a narrow screen').toBeLessThanOrEqual(0);
});

test('a run without it says so, and a verdict comes with its reason and what to try', async ({
  dashboard,
  api,
  page,
}) => {
  const dataset = await api.dataset('judged data', 600);
  const off = await api.startRun(dataset, 'not measured', { ...quickConfig, epochs: 2, quality_every: 0 });
  await api.runWhen(off.id, ({ status }) => status === 'completed');
  await dashboard.open({ run: off.id });
  await expect(page.getByTestId('quality-note')).toContainText('Quality is off');
  await expect(page.getByTestId('quality-chart')).toBeHidden();

  const wild = { ...endless, gradient_penalty_weight: 0, critic_learning_rate: 0.1, adam_beta1: 0.9 };
  const run = await api.startRun(dataset, 'wild', wild);
  await dashboard.open({ run: run.id });
  const details = page.getByTestId('health-details');
  await expect(details).toContainText('diverging');
  await expect(dashboard.runItem('wild').getByTestId('health-chip')).toContainText('diverging');
  await details.locator('summary').click();
  await expect(page.getByTestId('health-advice')).toContainText('Set gradient_penalty_weight to 10');
  await page.getByTestId('run-stop').click();
  await expect(dashboard.status).toHaveText(/stopped|failed/);
  expect((await api.run(run.id)).health?.verdict).toMatch(/diverging|not_finite/);
});
