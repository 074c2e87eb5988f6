import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { DashboardPage } from './dashboard-page';

/** No rule of axe is broken by what is on the screen, in either theme. */
export async function expectAccessible(dashboard: DashboardPage, state: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await dashboard.chooseTheme(theme);
    await expectNoViolation(dashboard.page, `${state}, ${theme}`);
  }
}

/** No rule of axe is broken by what is on the screen as it is. */
export async function expectNoViolation(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    where: nodes.slice(0, 5).map((node) => `${node.target.join(' ')} — ${node.failureSummary ?? ''}`),
  }));
  expect(found, state).toEqual([]);
}
