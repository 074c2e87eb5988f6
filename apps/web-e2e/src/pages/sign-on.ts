import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByTestId('sign-in').click();
}

/** The page starts anew after it; what is typed before that would be lost. */
export async function signOut(page: Page): Promise<void> {
  await page.getByTestId('account-open').click();
  const anew = page.waitForEvent('domcontentloaded');
  await page.getByTestId('sign-out').click();
  await anew;
  await expect(page.getByTestId('sign-in-page')).toBeVisible();
}
