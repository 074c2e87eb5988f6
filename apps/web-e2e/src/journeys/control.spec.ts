import { quickSettings } from '../server/api-client';
import { expect, test } from '../test';

test('start and stop are open when they can be used, and say why when not', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('stopping');
  await dashboard.open();
  await expect(dashboard.start).toBeDisabled();
  await expect(dashboard.startReason).toHaveText('Choose a data set first.');
  await expect(dashboard.stop).toBeDisabled();
  await expect(dashboard.stopReason).toHaveText('Stop: No run is open.');

  await page.getByTestId('training-dataset').selectOption(dataset.id);
  await expect(dashboard.start).toBeEnabled();
  await expect(dashboard.startReason).toHaveText('Ready: 400 rows of “stopping”.');
  await dashboard.configure({ ...quickSettings, epochs: '100000' });
  await page.getByTestId('run-name-input').fill('to be stopped');
  await dashboard.start.click();

  await expect(dashboard.runName).toHaveText('to be stopped');
  await expect(dashboard.stop).toBeEnabled();
  await expect(dashboard.stopReason).toHaveText('Stop ends “to be stopped” and keeps its state.');
  await dashboard.seeEpochs(1);
  await expect(dashboard.start).toBeEnabled();
  await expect(dashboard.startReason).toContainText('1 active run goes on beside it.');

  await dashboard.stop.click();
  await expect(dashboard.status).toHaveText('stopped');
  await expect(dashboard.stop).toBeDisabled();
  await expect(dashboard.stopReason).toHaveText('Stop: The open run has ended (stopped).');
  await expect(dashboard.start).toBeEnabled();
  await expect(dashboard.runItem('to be stopped')).toHaveAttribute('data-status', 'stopped');
  await expect(page.getByTestId('sample-button')).toBeEnabled();

  await page.reload();
  await expect(dashboard.status).toHaveText('stopped');
  await expect(dashboard.stopReason).toHaveText('Stop: The open run has ended (stopped).');
  await expect(dashboard.failure).toBeHidden();
});

test('a wrong setting says its range and keeps the start closed', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('wrong settings');
  await dashboard.open({ dataset: dataset.id });
  await expect(dashboard.start).toBeEnabled();

  await dashboard.setting('epochs').fill('0');
  await expect(page.getByTestId('config-error-epochs')).toHaveText('Epochs: a whole number from 1 to 100,000.');
  await expect(dashboard.setting('epochs')).toHaveAttribute('aria-invalid', 'true');
  await expect(dashboard.start).toBeDisabled();
  await expect(dashboard.startReason).toHaveText('Correct first: Epochs.');

  await dashboard.configure({ adam_beta2: 'high', generator_layers: '64, many' });
  await expect(page.getByTestId('config-error-adam_beta2')).toContainText('a number from 0 to 0.99999');
  await expect(page.getByTestId('config-error-generator_layers')).toContainText('whole numbers each from 4 to 4,096');
  await page.getByTestId('seed-input').fill('-1');
  await expect(dashboard.startReason).toHaveText('Correct first: Epochs, Generator layers, Adam beta 2, Seed.');

  await page.getByTestId('config-reset').click();
  await expect(dashboard.start).toBeEnabled();
  await expect(dashboard.setting('epochs')).toHaveValue('100');
  await expect(page.getByTestId('config-error-epochs')).toBeHidden();
});
