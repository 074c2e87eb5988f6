import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const query = '?assemblyscript';
const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/assemblyscript', import.meta.url));

const options = [
  '--optimizeLevel=3',
  '--shrinkLevel=0',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--noExportMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=simd',
  '--enable=threads',
  // Functions between modules are no exports of the binary: they may exchange vectors.
  '--disableWarning=112',
];

/**
 * Compiles `import { shared, single } from './index.ts?assemblyscript'` to WebAssembly: two strings of base64, for a
 * memory that threads share and for one of their own. Nothing but the bundle has to be shipped.
 */
export function assemblyscript(): Plugin {
  return {
    name: 'assemblyscript',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(query)) return null;
      const entry = id.slice(0, -query.length);
      const sources = await sourcesBeside(entry);
      for (const { path } of sources) this.addWatchFile(path);
      const text = sources.map(({ content }) => content).join('\0');
      const shared = await compile(entry, text, ['--sharedMemory']);
      const single = await compile(entry, text, []);
      const code = Object.entries({ shared, single }).map(
        ([name, binary]) => `export const ${name} = '${binary.toString('base64')}';\n`,
      );
      return { code: code.join(''), moduleType: 'js', map: null };
    },
  };
}

async function sourcesBeside(entry: string): Promise<{ path: string; content: string }[]> {
  const folder = dirname(entry);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  return Promise.all(
    names.map(async (name) => ({ path: join(folder, name), content: await readFile(join(folder, name), 'utf8') })),
  );
}

/** The binary, from the cache where these sources were compiled before. */
async function compile(entry: string, sources: string, extra: string[]): Promise<Buffer> {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as { version: string };
  const key = JSON.stringify([version, options, extra, sources]);
  const cached = join(cacheFolder, `${createHash('sha256').update(key).digest('hex')}.wasm`);
  const found = await readFile(cached).catch(() => null);
  if (found) return found;
  const binary = await compileNow(entry, extra);
  await mkdir(cacheFolder, { recursive: true });
  const temporary = `${cached}.${process.pid}`;
  await writeFile(temporary, binary);
  await rename(temporary, cached);
  return binary;
}

/**
 * The part of the compiler that is used. Its own types bring AssemblyScript's standard library along, which is declared
 * globally and would take the place of JavaScript's.
 */
interface Compiler {
  main(
    args: string[],
    surroundings: {
      stderr: { write(text: string | Uint8Array): void };
      writeFile(name: string, contents: string | Uint8Array): void;
    },
  ): Promise<{ error: Error | null }>;
}
const compilerModule = 'assemblyscript/asc';

async function compileNow(entry: string, extra: string[]): Promise<Buffer> {
  // The compiler takes a moment to load, and most often the cache has what is asked for.
  const { default: asc } = (await import(compilerModule)) as { default: Compiler };
  let binary: Buffer | undefined;
  let messages = '';
  const { error } = await asc.main(
    [basename(entry), '--baseDir', dirname(entry), '-o', 'out.wasm', ...options, ...extra],
    {
      stderr: { write: (text: string | Uint8Array) => void (messages += text.toString()) },
      writeFile(name, contents) {
        if (name === 'out.wasm' && typeof contents !== 'string') binary = Buffer.from(contents);
      },
    },
  );
  if (error || !binary) {
    throw new Error(`${entry} does not compile: ${error?.message ?? ''}\n${messages}`);
  }
  return binary;
}
