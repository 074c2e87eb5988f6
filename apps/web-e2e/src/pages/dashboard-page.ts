import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** An epoch of the default settings takes seconds on a busy machine. */
const epochPatienceMs = 40_000;

export interface Opened {
  dataset?: string;
  run?: string;
}

export type ChartName = 'dataset-chart' | 'loss-chart' | 'score-chart';

/** The page as a person sees it: what can be pressed and what can be read. */
export class DashboardPage {
  readonly start: Locator;
  readonly stop: Locator;
  readonly startReason: Locator;
  readonly stopReason: Locator;
  readonly status: Locator;
  readonly failure: Locator;
  readonly connection: Locator;
  readonly runName: Locator;
  readonly progressText: Locator;

  constructor(
    readonly page: Page,
    private readonly url: () => string,
  ) {
    this.start = page.getByTestId('start-button');
    this.stop = page.getByTestId('stop-button');
    this.startReason = page.getByTestId('start-reason');
    this.stopReason = page.getByTestId('stop-reason');
    this.status = page.getByTestId('status-value');
    this.failure = page.getByTestId('run-failure');
    this.connection = page.getByTestId('connection-state');
    this.runName = page.getByTestId('run-name');
    this.progressText = page.getByTestId('progress-text');
  }

  /** Opens the workbench, with a data set or a run chosen as a shared link would. */
  async open({ dataset, run }: Opened = {}): Promise<void> {
    const url = new URL('workspace', this.url());
    if (dataset !== undefined) url.searchParams.set('dataset', dataset);
    if (run !== undefined) url.searchParams.set('run', run);
    await this.page.goto(url.href);
    await expect(this.connection).toHaveText('Live');
  }

  figure(name: string): Locator {
    return this.page.getByTestId(`${name}-value`);
  }

  chart(name: ChartName): Locator {
    return this.page.getByTestId(name);
  }

  setting(name: string): Locator {
    return this.page.locator(`#config-${name}`);
  }

  datasetItem(name: string): Locator {
    return this.page.getByTestId('dataset-item').filter({ hasText: name });
  }

  runItem(name: string): Locator {
    return this.page.getByTestId('run-item').filter({ hasText: name });
  }

  /** The epoch on the card; 0 while there is none. */
  async epoch(): Promise<number> {
    return Number.parseInt(await this.figure('epoch').innerText(), 10) || 0;
  }

  async points(name: ChartName): Promise<number> {
    return Number(await this.chart(name).getAttribute('data-points'));
  }

  async logLineCount(): Promise<number> {
    return Number(await this.page.getByTestId('log-view').getAttribute('data-lines'));
  }

  /** Types settings into the form, advanced ones included. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const advanced = this.page.getByTestId('config-advanced');
    await expect(advanced).toBeVisible();
    if ((await advanced.locator('..').getAttribute('open')) === null) await advanced.click();
    for (const [name, value] of Object.entries(settings)) await this.setting(name).fill(value);
  }

  /** Waits until the epoch on the card has risen this many times, on the page as it is. */
  async seeEpochs(count: number): Promise<void> {
    let last = await this.epoch();
    let risen = 0;
    const look = async () => {
      const epoch = await this.epoch();
      if (epoch > last) risen += 1;
      last = epoch;
      return risen;
    };
    await expect
      .poll(look, { message: `${count} epochs arrive`, intervals: [100], timeout: epochPatienceMs })
      .toBeGreaterThanOrEqual(count);
  }

  async chooseTheme(theme: 'light' | 'dark'): Promise<void> {
    await this.page.getByTestId(`theme-${theme}`).click();
    await expect(this.page.locator('html')).toHaveCSS('color-scheme', theme);
  }
}

/** Counts how often the document of a page was loaded: live means without another. */
export function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  return () => loads;
}
