import type { Engine } from '../engine/engine';
import { openEngines } from '../engine/engines';
import { startTensorflow } from '../engine/tensorflow-engine';

/** TensorFlow.js for everything, whatever else would be faster. */
export async function tensorflowAlone(): Promise<Engine> {
  const { gan, tvae, wganGp, doppelganger, quantgan } = await startTensorflow();
  return {
    gan: () => Promise.resolve(gan),
    tvae: () => Promise.resolve(tvae),
    wganGp: () => Promise.resolve(wganGp),
    doppelganger: () => Promise.resolve(doppelganger),
    quantgan: () => Promise.resolve(quantgan),
  };
}

/** What a worker has, on one thread: tests share their cores. */
export function workerEngines(log: (line: string) => void = () => undefined): Engine {
  return openEngines({ log, clock: performance, cores: 1 });
}
