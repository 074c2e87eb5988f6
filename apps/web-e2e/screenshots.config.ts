import { defineConfig } from '@playwright/test';
import { browser } from './src/browser';

/** Not a test: takes the pictures of docs/screenshots (`npm run screenshots`). */
export default defineConfig({
  testDir: './screenshots',
  testMatch: '*.shots.ts',
  outputDir: '../../dist/e2e/screenshots',
  reporter: 'list',
  workers: 1,
  timeout: 8 * 60_000,
  expect: { timeout: 60_000 },
  use: { ...browser, deviceScaleFactor: 1 },
});
