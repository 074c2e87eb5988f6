import * as tf from '@tensorflow/tfjs';
import { WganGp, wganGpSampler } from '../models/wgan-gp/wgan-gp';
import type { Engine } from './engine';
import { chooseBackend } from './tensorflow-backend';

export interface StartedEngine {
  engine: Engine;
  /** Why a faster backend was passed over. */
  fallbacks: string[];
}

export async function startTensorflow(): Promise<StartedEngine> {
  const { name, fallbacks } = await chooseBackend();
  const engine: Engine = {
    name: `tensorflow.js ${tf.version_core} (${name})`,
    createModel: (layout, config, seed) => new WganGp(layout, config, seed),
    createSampler: wganGpSampler,
  };
  return { engine, fallbacks };
}
