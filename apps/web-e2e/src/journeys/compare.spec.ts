import { expect, test } from '../test';

const settings = [0.001, 0.0001];
const seeds = [1, 2, 3];

test('runs of a sweep are found by a query, chosen and compared', async ({ server, page }) => {
  for (const lr of settings) for (const seed of seeds) await report(server.url, lr, seed);
  await page.goto(new URL('runs', server.url).href);
  await page.getByTestId('run-query').fill('tag:swept and generator_loss < 100');
  await page.getByTestId('run-query').press('Enter');
  await expect(page.getByTestId('run-count')).toContainText('6 runs');
  await expect(page).toHaveURL(/q=tag:swept/);

  for (const lr of settings) {
    for (const seed of seeds) await page.getByRole('checkbox', { name: `Choose lr ${lr} seed ${seed}` }).check();
  }
  await page.getByTestId('bulk-compare').click();
  await expect(page.getByTestId('overlay-generator_loss')).toHaveAttribute('data-points', '10');
  await expect(page.getByTestId('config-diff').getByRole('rowheader')).toHaveText(['Seed', 'lr']);
  await expect(page.getByTestId('seed-tests')).toContainText('3 pairs');
  await expect(page.getByTestId('seed-tests')).toContainText('More than the noise of the seeds');
});

/** A run from outside whose loss depends on its setting, and a little on its seed. */
async function report(url: string, lr: number, seed: number): Promise<void> {
  const name = `lr ${lr} seed ${seed}`;
  const run = { origin: 'external', name, model: 'swept', seed, config: { lr, epochs: 10 }, tags: ['swept'] };
  const { id } = (await post(url, 'runs', run)) as { id: string };
  const updates = Array.from({ length: 10 }, (_, index) => ({
    type: 'training_update',
    data: { epoch: index + 1, total_epochs: 10, step: index + 1, generator_loss: lr * 1_000 * (2 + 0.01 * seed) },
  }));
  const end = {
    type: 'training_complete',
    data: { status: 'completed', message: 'done', return_code: 0, duration_seconds: 1 },
  };
  await post(url, `runs/${id}/events`, [...updates, end]);
}

async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL(`api/v1/${path}`, url), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
