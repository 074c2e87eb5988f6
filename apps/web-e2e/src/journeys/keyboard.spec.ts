import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../test';

const longestWay = 80;

test('a run is started and stopped with the keyboard alone', async ({ dashboard, api, page }) => {
  await api.dataset('keyboard data');
  await dashboard.open();
  await page.keyboard.press('Tab');
  await expect(page.getByText('Skip to content')).toBeFocused();

  const choice = page.getByTestId('training-dataset');
  await tabTo(page, choice);
  await page.keyboard.type('keyboard');
  await expect(choice.locator('option:checked')).toHaveText('keyboard data');
  await expect(dashboard.start).toBeEnabled();

  await tabTo(page, dashboard.start, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(dashboard.runName).toBeVisible();
  await expect(dashboard.stop).toBeEnabled();
  await expect(dashboard.status).toHaveText('running');

  await tabTo(page, dashboard.stop);
  await page.keyboard.press('Space');
  await expect(dashboard.status).toHaveText('stopped');
});

/** Presses Tab until the element has the focus, which must be to be seen. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let steps = 0; steps < longestWay; steps += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await expect(target).toBeInViewport();
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${longestWay} times ${key} do not lead to ${target.toString()}`);
}
