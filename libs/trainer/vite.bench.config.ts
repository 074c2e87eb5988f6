import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { assemblyscript } from './assemblyscript-plugin.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const program = process.env['BENCH_PROGRAM'] ?? 'quality-bench';

/** Builds one of the programs in `bench/`; nothing of it is part of the product. */
export default defineConfig({
  root: at('.'),
  resolve: { tsconfigPaths: true },
  plugins: [assemblyscript()],
  build: {
    ssr: true,
    target: 'node24',
    outDir: at(`../../dist/bench-trainer/${program}`),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: { [program]: at(`bench/${program}.ts`) },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
