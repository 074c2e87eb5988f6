import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
// eslint-disable-next-line @nx/enforce-module-boundaries -- how the trainer is built is no part of what it exports
import { assemblyscript } from '../../libs/trainer/assemblyscript-plugin.ts';
import { runAfterBuild } from './run-after-build.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the API and its child processes as Node ES modules, and runs the API's tests. */
export default defineConfig({
  root: at('.'),
  cacheDir: at('../../node_modules/.vite/apps/api'),
  resolve: { tsconfigPaths: true },
  plugins: [assemblyscript(), runAfterBuild(at('../../dist/apps/api/main.js'))],
  build: {
    ssr: true,
    target: 'node24',
    outDir: at('../../dist/apps/api'),
    // A watching build must not pull files from under the running server.
    emptyOutDir: !process.argv.includes('--watch'),
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: {
        main: at('src/main.ts'),
        cli: at('src/cli.ts'),
        openapi: at('src/openapi/generate.ts'),
        'trainer-worker': at('../../libs/trainer/src/worker.ts'),
        'table-worker': at('src/datasets/table/table-worker.ts'),
        'report-worker': at('src/reports/process/report-worker.ts'),
        'group-guard': at('src/training/process/group-guard-process.ts'),
      },
      output: {
        // One folder for entries and shared chunks: code finds its sibling processes by import.meta.url.
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
  test: {
    environment: 'node',
    // Tests fork the built child processes; the test target depends on the build.
    env: {
      COMMAND_LINE: at('../../dist/apps/api/cli.js'),
      TRAINER_WORKER: at('../../dist/apps/api/trainer-worker.js'),
      TABLE_WORKER: at('../../dist/apps/api/table-worker.js'),
      REPORT_WORKER: at('../../dist/apps/api/report-worker.js'),
      GROUP_GUARD: at('../../dist/apps/api/group-guard.js'),
    },
    include: ['src/**/*.spec.ts'],
    globalSetup: [at('src/platform/database/testing/test-postgres.setup.ts')],
  },
});
