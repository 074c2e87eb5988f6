import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds what `npm run bench:*` starts; nothing of it is part of the product. */
export default defineConfig({
  root: at('.'),
  resolve: { tsconfigPaths: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: at('../../dist/bench'),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: {
        'event-bench-server': at('bench/event-bench-server.ts'),
        'run-list-bench': at('bench/run-list-bench.ts'),
        'store-bench': at('bench/store-bench.ts'),
        'web-bench-server': at('bench/web-bench-server.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
