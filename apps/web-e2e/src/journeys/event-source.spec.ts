import { runMessageSchema } from '@gan-dashboard/shared-types';
import type { Page } from '@playwright/test';
import { CuttableProxy } from '../server/cuttable-proxy';
import { expect, test } from '../test';

interface Heard {
  data: string;
  id: string;
  type: string;
}
interface Listening {
  heard: Heard[];
  opened: number;
}

test.use({
  expectedErrors: [/ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED/],
});

test('a plain EventSource gets unnamed messages and resumes where it was', async ({ api, server, page }) => {
  const dataset = await api.dataset('for EventSource');
  const run = await api.runningRun(dataset, 'for EventSource');
  const proxy = await CuttableProxy.to(server.url);
  try {
    await page.goto(proxy.url);
    await listen(page, `events/training?run=${run.id}&last_event_id=0`);
    await expect.poll(async () => (await listening(page)).heard.length).toBeGreaterThan(5);
    const before = await listening(page);

    proxy.cut();
    await expect.poll(async () => (await listening(page)).opened).toBe(2);
    await expect.poll(async () => (await listening(page)).heard.length).toBeGreaterThan(before.heard.length + 3);

    const { heard } = await listening(page);
    expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(['message']));
    expect(heard.every(({ id }) => id !== '')).toBe(true);
    const messages = heard
      .map(({ data }) => JSON.parse(data) as { type: string })
      .filter(({ type }) => type !== 'heartbeat')
      .map((message) => runMessageSchema.parse(message));
    // Each names its predecessor on this channel: from the first event on, through the cut, none is missing.
    const known = new Set([0]);
    for (const { seq, prev_seq: previous } of messages) {
      expect(known.has(previous ?? -1), `event ${seq} follows ${previous}`).toBe(true);
      known.add(seq);
    }
    expect(messages.some(({ type }) => type === 'training_update')).toBe(true);
    expect(messages.every(({ run_id }) => run_id === run.id)).toBe(true);
  } finally {
    // Before the proxy: a page that is open would ask it for something when it is gone.
    await page.close();
    await proxy.close();
  }
});

/** Opens an EventSource in the page and notes what it hears, by name and without. */
async function listen(page: Page, path: string): Promise<void> {
  await page.evaluate((address) => {
    const state: Listening = { heard: [], opened: 0 };
    const source = new EventSource(address);
    const note = (event: MessageEvent<string>) =>
      state.heard.push({ data: event.data, id: event.lastEventId, type: event.type });
    source.onopen = () => (state.opened += 1);
    source.onmessage = note;
    for (const name of ['training_update', 'status_update', 'progress', 'log_entry'])
      source.addEventListener(name, note);
    Object.assign(window, { listening: state });
  }, path);
}

function listening(page: Page): Promise<Listening> {
  return page.evaluate(() => (window as unknown as { listening: Listening }).listening);
}
