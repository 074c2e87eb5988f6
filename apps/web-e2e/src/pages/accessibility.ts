import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { DashboardPage } from './dashboard-page';

/** What a theme can break; the other rules look at what is the same in both. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** No rule of axe is broken by what is on the screen, in either theme. */
export async function expectAccessible(dashboard: DashboardPage, state: string): Promise<void> {
  await dashboard.chooseTheme('light');
  await expectNoViolation(dashboard.page, `${state}, light`);
  await dashboard.chooseTheme('dark');
  await expectNoViolation(dashboard.page, `${state}, dark`, rulesOfColour);
}

/** No rule of axe (all, or those that are named) is broken by what is on the screen as it is. */
export async function expectNoViolation(page: Page, state: string, rules: readonly string[] = []): Promise<void> {
  // The other mode opens a blank page each time, for frames of other origins; there are none here.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  if (rules.length > 0) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    where: nodes.slice(0, 5).map((node) => `${node.target.join(' ')} — ${node.failureSummary ?? ''}`),
  }));
  expect(found, state).toEqual([]);
}
