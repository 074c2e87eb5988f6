import type { Engine } from './engine';
import type { TensorflowEngine } from './tensorflow-engine';

/**
 * The engines of this process, each started when it is first needed.
 *
 * @param log told which engine computes, and why a faster one does not
 */
export function openEngines(log: (line: string) => void): Engine {
  const tensorflow = once(() => startTensorflow(log));
  return {
    gan: async () => (await tensorflow()).gan,
    tvae: async () => (await tensorflow()).tvae,
    wganGp: async () => (await tensorflow()).wganGp,
  };
}

async function startTensorflow(log: (line: string) => void): Promise<TensorflowEngine> {
  const engine = await (await import('./tensorflow-engine')).startTensorflow();
  log(`Engine: ${engine.name}`);
  for (const reason of engine.fallbacks) log(`A faster backend was passed over: ${reason}`);
  return engine;
}

function once<Value>(start: () => Promise<Value>): () => Promise<Value> {
  let started: Promise<Value> | undefined;
  return () => (started ??= start());
}
