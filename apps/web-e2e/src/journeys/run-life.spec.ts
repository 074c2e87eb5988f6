import { DashboardPage } from '../pages/dashboard-page';
import { ApiClient, quickConfig } from '../server/api-client';
import { DashboardServer } from '../server/dashboard-server';
import { expect, test } from '../test';

test('a run is paused, saved, resumed, pinned and stopped from the page', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('paused data');
  const run = await api.runningRun(dataset, 'to be paused');
  await dashboard.open({ run: run.id });
  await dashboard.seeEpochs(1);

  await page.getByTestId('run-pause').click();
  await expect(dashboard.status).toHaveText('paused');
  await expect(page.getByTestId('loss-chart-note')).toContainText('run paused');
  const { epoch } = await api.run(run.id);
  await page.getByTestId('run-checkpoint').click();
  await expect(page.getByTestId('checkpoint-item').first()).toBeVisible();
  expect((await api.run(run.id)).epoch).toBe(epoch);

  await page.getByTestId('checkpoint-pin').first().click();
  await expect(page.getByTestId('checkpoint-item').first()).toContainText('pinned');

  await page.getByTestId('run-resume').click();
  await expect(dashboard.status).toHaveText('running');
  await dashboard.seeEpochs(2);

  await page.getByTestId('run-sample').click();
  await expect(page.getByTestId('sample-table')).toBeVisible();
  await expect(dashboard.status).toHaveText('running');

  await page.getByTestId('run-stop').click();
  await expect(dashboard.status).toHaveText('stopped');
  await expect(page.getByTestId('run-pause')).toBeHidden();
  await page.getByTestId('audit-open').click();
  for (const act of ['run.create', 'run.pause', 'run.checkpoint', 'run.resume', 'run.stop']) {
    await expect(page.getByTestId('audit-list')).toContainText(act);
  }
});

test('a run is forked with other settings, and retried', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('forked data');
  const run = await api.startRun(dataset, 'parent', { ...quickConfig, epochs: 3 });
  await api.runWhen(run.id, ({ status }) => status === 'completed');
  await dashboard.open({ run: run.id });

  await page.getByTestId('checkpoint-fork').first().click();
  await expect(page.getByTestId('fork-origin')).toContainText('Fork of “parent” from epoch 3');
  await expect(dashboard.setting('epochs')).toHaveValue('3');
  await dashboard.setting('epochs').fill('5');
  await page.getByTestId('run-name-input').fill('child');
  await expect(dashboard.start).toHaveText(/Start fork/);
  await dashboard.start.click();
  await expect(dashboard.runName).toHaveText('child');
  await expect(dashboard.status).toHaveText('completed');
  await expect(dashboard.figure('epoch')).toHaveText('5 / 5');
  await expect(page.getByTestId('fork-origin')).toBeHidden();

  await page.getByTestId('run-retry').click();
  await expect(dashboard.runItem('child')).toHaveCount(2);
  await expect(dashboard.status).toHaveText('completed');
});

test('a queued run shows its place, and moves up when others leave', async ({ page, quietConsole: _quiet }) => {
  const server = await DashboardServer.start({ environment: { MAX_CONCURRENT_RUNS: '1' } });
  try {
    const api = new ApiClient(() => server.url);
    const dashboard = new DashboardPage(page, () => server.url);
    const dataset = await api.dataset('queued data');
    await api.runningRun(dataset, 'at work');
    const second = await api.startRun(dataset, 'second');
    const third = await api.startRun(dataset, 'third');

    await dashboard.open({ run: third.id });
    await expect(page.getByTestId('queue-place')).toContainText('Place 2 in the queue');
    await expect(dashboard.runItem('second')).toContainText('place 1 in the queue');
    await expect(page.getByTestId('worker-item')).toContainText('1 / 1 runs');

    await dashboard.runItem('second').getByRole('button').click();
    await expect(page.getByTestId('queue-place')).toContainText('Next in the queue');
    await page.getByTestId('run-stop').click();
    await expect(dashboard.status).toHaveText('stopped');
    await expect(dashboard.runItem('third')).toContainText('place 1 in the queue');
    expect((await api.run(second.id)).attempt).toBe(0);
  } finally {
    // Before the server: a page that is open would ask it for something while it ends.
    await page.close();
    await server.stop();
  }
});
