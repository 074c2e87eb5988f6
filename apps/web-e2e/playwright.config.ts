import { defineConfig } from '@playwright/test';
import { browser } from './src/browser';

/** The reporters come from the command line of the `e2e` target, which the test summary reads. */
export default defineConfig({
  testDir: './src/journeys',
  outputDir: '../../dist/e2e/results',
  reporter: 'list',
  // The journeys share one server, and training wants the processor for itself.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: { ...browser, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
