import * as tf from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

const require = createRequire(import.meta.url);

export interface ChosenBackend {
  name: string;
  /** Why a faster backend was passed over, in the order in which they were tried. */
  fallbacks: string[];
}

/**
 * Sets TensorFlow.js to the fastest backend that works here: native TensorFlow where the optional package is
 * installed, else WebAssembly, else plain JavaScript.
 */
export async function chooseBackend(): Promise<ChosenBackend> {
  tf.enableProdMode();
  const fallbacks: string[] = [];
  for (const attempt of [useNative, useWasm, usePlain]) {
    try {
      await attempt();
      await tf.ready();
      checkProduct();
      return { name: tf.getBackend(), fallbacks };
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      fallbacks.push(reason);
    }
  }
  throw new Error(`no TensorFlow.js backend works here: ${fallbacks.join('; ')}`);
}

async function useNative(): Promise<void> {
  // tfjs-node 4.22 calls two functions that Node removed from `util` in version 23.
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
  require('@tensorflow/tfjs-node');
  await select('tensorflow');
}

async function useWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  setWasmPaths(join(folder, 'dist') + sep);
  await select('wasm');
}

async function usePlain(): Promise<void> {
  await select('cpu');
}

async function select(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend did not start`);
}

/** A backend may load and still fail at its first product; that is found here, while another can take over. */
function checkProduct(): void {
  const [value] = tf.tidy(() => tf.matMul(tf.tensor2d([[2, 3]]), tf.tensor2d([[5], [7]])).dataSync());
  if (value !== 31) throw new Error(`the ${tf.getBackend()} backend multiplies wrongly`);
}
