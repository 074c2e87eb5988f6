import { countLoads, DashboardPage } from '../pages/dashboard-page';
import { endless, quickSettings } from '../server/api-client';
import { CuttableProxy } from '../server/cuttable-proxy';
import { consoleErrors, expect, test } from '../test';

test('two people see the same run live', async ({ dashboard, api, server, browser, page }) => {
  const dataset = await api.dataset('watched by two');
  const context = await browser.newContext();
  const otherPage = await context.newPage();
  const otherErrors = consoleErrors(otherPage);
  const other = new DashboardPage(otherPage, () => server.url);
  await Promise.all([dashboard.open({ dataset: dataset.id }), other.open()]);

  await dashboard.configure({ ...quickSettings, epochs: '100000' });
  await page.getByTestId('run-name-input').fill('for two');
  await dashboard.start.click();
  await dashboard.seeEpochs(1);

  await other.runItem('for two').getByRole('button').click();
  const loads = [countLoads(page), countLoads(otherPage)];
  await Promise.all([dashboard.seeEpochs(3), other.seeEpochs(3)]);
  await expect.poll(() => other.points('loss-chart')).toBeGreaterThanOrEqual(3);
  await expect(other.status).toHaveText('running');

  await other.stop.click();
  await Promise.all([expect(dashboard.status).toHaveText('stopped'), expect(other.status).toHaveText('stopped')]);
  const epoch = await dashboard.figure('epoch').innerText();
  await expect(other.figure('epoch')).toHaveText(epoch);
  expect(loads.map((count) => count())).toEqual([0, 0]);
  expect(otherErrors).toEqual([]);
  await context.close();
});

test('a trainer that is killed interrupts its run, with the reason, until somebody resumes it', async ({
  dashboard,
  api,
  server,
  page,
}) => {
  const dataset = await api.dataset('to be killed');
  const run = await api.runningRun(dataset, 'killed', { on_interruption: 'ask' });
  await dashboard.open({ run: run.id });
  await dashboard.seeEpochs(1);
  const loads = countLoads(page);

  process.kill(await server.trainerPid(run.id), 'SIGKILL');
  const seeInterruption = async () => {
    await expect(dashboard.status).toHaveText('interrupted');
    await expect(dashboard.failure).toContainText('The run was interrupted');
    await expect(dashboard.failure).toContainText('SIGKILL');
    await expect(dashboard.failure).toContainText('press Resume');
    await expect(dashboard.stopReason).toHaveText('Stop: The open run has ended (interrupted).');
    await expect(dashboard.runItem('killed')).toHaveAttribute('data-status', 'interrupted');
  };
  await seeInterruption();
  expect(loads()).toBe(0);
  await page.reload();
  await seeInterruption();

  await page.getByTestId('run-resume').click();
  await expect(dashboard.status).toHaveText('running');
  await expect(dashboard.failure).toBeHidden();
  await dashboard.seeEpochs(2);
});

test('a trainer that is killed comes back by itself and goes on', async ({ dashboard, api, server, page }) => {
  const dataset = await api.dataset('to come back');
  const config = { ...endless, checkpoint_every: 1 };
  const run = await api.startRun(dataset, 'back again', config);
  await dashboard.open({ run: run.id });
  await dashboard.seeEpochs(2);
  const loads = countLoads(page);
  const before = await dashboard.epoch();

  process.kill(await server.trainerPid(run.id), 'SIGKILL');
  await api.runWhen(run.id, ({ attempt, status }) => attempt === 2 && status === 'running');
  await expect(dashboard.status).toHaveText('running');
  await expect.poll(() => dashboard.epoch()).toBeGreaterThan(before);
  await expect(dashboard.failure).toBeHidden();
  expect(loads()).toBe(0);
  const { progress_percent: percent } = await api.run(run.id);
  expect(percent).toBeGreaterThan(0);
  await page.getByTestId('audit-open').click();
  await expect(page.getByTestId('audit-list')).toContainText('server');
});

test.describe('while the server is away', () => {
  test.use({
    expectedErrors: [
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED/,
    ],
  });

  test('a line that breaks is shown, and costs no point of the run', async ({ api, server, page }) => {
    const dataset = await api.dataset('over a bad line');
    const run = await api.runningRun(dataset, 'bad line');
    const proxy = await CuttableProxy.to(server.url);
    try {
      const dashboard = new DashboardPage(page, () => proxy.url);
      await dashboard.open({ run: run.id });
      await dashboard.seeEpochs(1);
      const loads = countLoads(page);

      proxy.takeDown();
      await expect(dashboard.connection).toHaveText('Reconnecting');
      const { epoch } = await api.run(run.id);
      await api.runWhen(run.id, (current) => current.epoch >= epoch + 3);
      proxy.restore();
      await expect(dashboard.connection).toHaveText('Live');
      await dashboard.seeEpochs(1);

      await dashboard.stop.click();
      await expect(dashboard.status).toHaveText('stopped');
      expect(loads()).toBe(0);
      const losses = () => dashboard.chart('loss-chart').getAttribute('aria-label');
      const points = await dashboard.points('loss-chart');
      const shown = await losses();
      expect(points).toBeGreaterThan(epoch + 3);
      await page.reload();
      await expect.poll(losses).toBe(shown);
      expect(await dashboard.points('loss-chart')).toBe(points);
    } finally {
      // Before the proxy: a page that is open would ask it for something when it is gone.
      await page.close();
      await proxy.close();
    }
  });

  test('the page says so, comes back by itself and shows what happened', async ({ dashboard, api, server, page }) => {
    const dataset = await api.dataset('through a restart');
    const run = await api.runningRun(dataset, 'restarted');
    await dashboard.open({ run: run.id });
    await dashboard.seeEpochs(1);
    const loads = countLoads(page);

    await server.halt();
    await expect(dashboard.connection).toHaveText('Reconnecting');
    await expect(page.getByTestId('loss-chart-note')).toHaveText(/connection is lost|run (interrupted|stopped)/);

    await server.resume();
    await expect(dashboard.connection).toHaveText('Live');
    await api.runWhen(run.id, ({ attempt, status }) => attempt === 2 && status === 'running');
    await expect(dashboard.status).toHaveText('running');
    await dashboard.seeEpochs(1);

    const next = await api.startRun(dataset, 'after the restart');
    await dashboard.runItem('after the restart').getByRole('button').click();
    await expect(dashboard.runName).toHaveText(next.name);
    await dashboard.seeEpochs(1);
    expect(loads()).toBe(0);
  });
});
