import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { assemblyscript } from './assemblyscript-plugin.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds what `npm run bench:series` starts; nothing of it is part of the product. */
export default defineConfig({
  root: at('.'),
  resolve: { tsconfigPaths: true },
  plugins: [assemblyscript()],
  build: {
    ssr: true,
    target: 'node24',
    outDir: at('../../dist/bench-series'),
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: { 'series-bench': at('bench/series-bench.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
