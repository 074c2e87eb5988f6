import * as tf from '@tensorflow/tfjs';
import { BatchSource } from '../data/batch-source';
import type { EncodedTable } from '../data/encoded-table';
import { Doppelganger, doppelgangerSampler } from '../models/series/doppelganger/training';
import { Quantgan, quantganSampler } from '../models/series/quantgan/training';
import { WganGp, wganGpSampler } from '../models/wgan-gp/wgan-gp';
import type {
  DoppelgangerEngine,
  GanEngine,
  TrainableModel,
  TvaeEngine,
  WganGpEngine,
  WganGpPlan,
  QuantganEngine,
} from './engine';
import { TensorflowGan } from './tensorflow/gan';
import { ganSampler } from './tensorflow/gan-sampler';
import { TensorflowTvae, tvaeSampler } from './tensorflow/tvae';
import { chooseBackend } from './tensorflow-backend';

/** Every model on TensorFlow.js. */
export interface TensorflowEngine {
  name: string;
  gan: GanEngine;
  tvae: TvaeEngine;
  wganGp: WganGpEngine;
  doppelganger: DoppelgangerEngine;
  quantgan: QuantganEngine;
  /** Why a faster backend was passed over. */
  fallbacks: string[];
}

export async function startTensorflow(): Promise<TensorflowEngine> {
  const { name: backend, fallbacks } = await chooseBackend();
  const name = `tensorflow.js ${tf.version_core} (${backend})`;
  return {
    name,
    gan: { name, createModel: (plan, rows, seed) => new TensorflowGan(plan, rows, seed), createSampler: ganSampler },
    tvae: { name, createModel: (plan, rows, seed) => new TensorflowTvae(plan, rows, seed), createSampler: tvaeSampler },
    wganGp: {
      name,
      createModel: trainableWganGp,
      createSampler: ({ layout, config }, state) => wganGpSampler(layout, config, state),
    },
    quantgan: {
      name,
      createModel: (plan, returns, seed) => new Quantgan(plan, returns, seed),
      createSampler: quantganSampler,
    },
    doppelganger: {
      name,
      createModel: (plan, windows, seed) => new Doppelganger(plan, windows, seed),
      createSampler: doppelgangerSampler,
    },
    fallbacks,
  };
}

function trainableWganGp({ layout, config }: WganGpPlan, table: EncodedTable, seed: number): TrainableModel {
  const model = new WganGp(layout, config, seed);
  const batches = new BatchSource(table, seed, config.batch_size);
  return {
    parameters: model.parameters,
    step: (at) => model.step(batches, at),
    getState: () => model.getState(),
    setState: (state) => model.setState(state),
  };
}
