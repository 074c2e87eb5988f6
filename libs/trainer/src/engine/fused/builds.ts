import { setFlagsFromString } from 'node:v8';
import { single, shared } from '../../../assembly/index.ts?assemblyscript';

/**
 * Numbers in one register. 4 is what WebAssembly has; with 8 the compiler joins two vectors that are used alike (V8's
 * revectorization, which needs AVX2). Each number is computed by the same operations in the same order: results are
 * equal to the last bit.
 */
export type Lanes = 4 | 8;

/** Which memory a module is for: one that threads share, or one of its own. */
export type MemoryKind = 'shared' | 'single';

/** What that many threads need. Without memory to share, the calling thread computes alone. */
export function memoryKind(threads: number): MemoryKind {
  return threads > 1 && typeof SharedArrayBuffer !== 'undefined' ? 'shared' : 'single';
}

/** The whole module at once by the optimising compiler, since these flags count while a function is compiled. */
const joiningFlags: readonly (readonly [on: string, off: string])[] = [
  ['--experimental-wasm-revectorize', '--no-experimental-wasm-revectorize'],
  ['--no-liftoff', '--liftoff'],
  ['--no-wasm-lazy-compilation', '--wasm-lazy-compilation'],
];
/** An empty custom section: V8 would give the compiled code of equal bytes again, whatever the flags were. */
const section = Buffer.from([0, 5, 4, ...Buffer.from('wide')]);
const binaries: Record<MemoryKind, string> = { shared, single };
const modules = new Map<string, WebAssembly.Module>();

export function binaryOf(kind: MemoryKind): Uint8Array {
  return Buffer.from(binaries[kind], 'base64');
}

/** The compiled module; compiled once in a process. */
export function moduleOf(kind: MemoryKind, lanes: Lanes): WebAssembly.Module {
  const name = `${kind} ${lanes}`;
  const known = modules.get(name);
  if (known) return known;
  const binary = binaryOf(kind);
  const canJoin = reasonAgainstJoining() === undefined;
  const compiled =
    lanes === 8 && canJoin ? compileJoined(Buffer.concat([binary, section])) : new WebAssembly.Module(binary);
  modules.set(name, compiled);
  return compiled;
}

/** Why this process cannot join vectors at all, or undefined. */
export function reasonAgainstJoining(): string | undefined {
  if (process.arch !== 'x64') return `V8 does not join vectors on ${process.arch}`;
  const { variables } = process.config as { variables: Record<string, unknown> };
  return variables['v8_enable_wasm_simd256_revec'] === 1 ? undefined : `Node ${process.version} cannot join vectors`;
}

/** Flags are those of the process: they are put back before anything else is compiled. */
function compileJoined(bytes: Uint8Array): WebAssembly.Module {
  for (const [on] of joiningFlags) setFlagsFromString(on);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const [, off] of joiningFlags) setFlagsFromString(off);
  }
}
