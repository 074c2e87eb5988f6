import type { Engine } from '../engine/engine';
import { startTensorflow } from '../engine/tensorflow-engine';

/** TensorFlow.js for everything, whatever else would be faster. */
export async function tensorflowAlone(): Promise<Engine> {
  const { gan, tvae, wganGp } = await startTensorflow();
  return {
    gan: () => Promise.resolve(gan),
    tvae: () => Promise.resolve(tvae),
    wganGp: () => Promise.resolve(wganGp),
  };
}
