import type { DashboardPage } from '../pages/dashboard-page';
import { expect, test } from '../test';

test('the log keeps to its end, lets go when scrolled up, and comes back', async ({ dashboard, api, page }) => {
  const dataset = await api.dataset('much to log');
  const run = await api.startRun(dataset, 'logging');
  await api.runWhen(run.id, ({ epoch }) => epoch >= 25);
  await dashboard.open({ run: run.id });
  const log = page.getByTestId('log-view');
  await log.scrollIntoViewIfNeeded();
  await followsEnd(dashboard);

  const jump = page.getByTestId('log-jump');
  await expect(jump).toBeHidden();
  await log.hover();
  await page.mouse.wheel(0, -200);
  await expect(jump).toBeVisible();
  await staysWhileLinesArrive(dashboard);
  await expect(jump).toContainText(/\d+ new, jump to end/);

  await jump.click();
  await expect(jump).toBeHidden();
  await followsEnd(dashboard);
});

/** The newest line is on the screen, again and again while lines arrive. */
async function followsEnd(dashboard: DashboardPage): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    const before = await dashboard.logLineCount();
    await expect
      .poll(async () => (await visibleLines(dashboard)).last, {
        message: 'the last line that is seen',
        intervals: [100],
      })
      .toBeGreaterThan(before);
  }
}

/** Once the scrolling itself has come to rest, new lines move nothing. */
async function staysWhileLinesArrive(dashboard: DashboardPage): Promise<void> {
  const isSame = async () => {
    const before = await visibleLines(dashboard);
    const count = await dashboard.logLineCount();
    await expect.poll(() => dashboard.logLineCount(), { intervals: [100] }).toBeGreaterThan(count + 3);
    return (await visibleLines(dashboard)).first === before.first;
  };
  await expect.poll(isSame, { message: 'the first line that is seen stays' }).toBe(true);
}

/** Numbers of the first and last line that stand wholly inside the log. */
function visibleLines(dashboard: DashboardPage): Promise<{ first: number; last: number }> {
  return dashboard.page.getByTestId('log-view').evaluate((log) => {
    const box = log.getBoundingClientRect();
    const inside = [...log.querySelectorAll<HTMLElement>('[data-line]')].filter((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      return top >= box.top - 1 && bottom <= box.bottom + 1;
    });
    const numbers = inside.map((line) => Number(line.dataset['line']));
    return { first: Math.min(...numbers), last: Math.max(...numbers) };
  });
}
