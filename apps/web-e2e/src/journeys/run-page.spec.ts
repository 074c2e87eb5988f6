import { expect, test } from '../test';

test('a run on its page keeps its zoom while it trains, and its log is searched', async ({ api, server, page }) => {
  const dataset = await api.dataset('zoomed and searched');
  const run = await api.startRun(dataset, 'on a page');
  await api.runWhen(run.id, ({ epoch }) => epoch >= 5);
  await page.goto(new URL(`runs/${run.id}?tab=charts`, server.url).href);
  const losses = page.getByTestId('losses-canvas');
  const points = async () => Number(await losses.getAttribute('data-points'));
  const sight = async () => [await losses.getAttribute('data-from'), await losses.getAttribute('data-to')];
  await expect.poll(points).toBeGreaterThan(3);

  const box = await losses.boundingBox();
  if (!box) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=\d+-\d+/);
  const chosen = await sight();
  const before = await points();
  await expect.poll(points).toBeGreaterThan(before + 1);
  expect(await sight()).toEqual(chosen);
  await expect(page.getByTestId('losses-jump')).toContainText(/\d+ new, jump to live/);
  await page.getByTestId('losses-jump').click();
  await expect(page).toHaveURL(/zoom=tail-\d+/);

  await page.getByTestId('tab-logs').click();
  await page.getByTestId('log-search').fill('epoch');
  await expect(page.getByTestId('log-matches')).toHaveText(/^1 \/ \d+/);
  await page.getByTestId('log-next').click();
  await expect(page.getByTestId('log-matches')).toHaveText(/^2 \/ \d+/);
  await expect(page.locator('[data-testid=log-row].current')).toContainText(/epoch/i);
  await expect(page).toHaveURL(/find=epoch/);
});
