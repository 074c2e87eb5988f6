import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../test';

const longestWay = 160;

test('a first user comes from the start page to a running run with the keyboard alone', async ({ page, server }) => {
  await page.goto(server.url);
  await press(page, page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Data sets' }));
  await expect(page).toHaveURL(/\/datasets$/);

  const open = page.getByTestId('generate-open');
  await press(page, open);
  await press(page, page.getByTestId('generate-submit'));
  await expect(page).toHaveURL(/\/datasets\/[0-9a-f-]{36}$/);

  const train = page.getByTestId('train-on');
  await expect(train).toBeVisible();
  await press(page, train);
  await expect(page).toHaveURL(/\/new\?dataset=/);
  await expect(page.getByTestId('new-preview')).toBeVisible();
  await expect(page.getByTestId('preflight-facts')).toContainText('Parameters');

  await press(page, page.getByTestId('preset-quick'));
  await page.reload();
  await expect(page.locator('#config-epochs')).toHaveValue('10');

  const start = page.getByTestId('new-start');
  await expect(start).toBeEnabled();
  await press(page, start);
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  await expect(page.getByTestId('status-value')).toHaveText('running');
});

/** Presses Tab until the element has the focus, which must be to be seen, and then Enter. */
async function press(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let steps = 0; steps < longestWay; steps += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await expect(target).toBeInViewport();
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${longestWay} times Tab do not lead to ${target.toString()}`);
}
