import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../random/random';
import { mean } from './critic-step';
import { applyHeads, headGradient } from './heads';
import type { HeadInput } from './heads';
import { backward, columnSums, download, forward, upload, weightGradient } from './layers';
import type { Network } from './network';

/** How the generator's last layer becomes rows. */
export type HeadSettings = Omit<HeadInput, 'logits'>;

/**
 * Rows that the generator makes of noise, encoded.
 *
 * @param noise `[rows, latent_dim]`, standard normal
 * @returns `[rows, width]`
 */
export function generate(generator: Network, noise: Float32Array, heads: HeadSettings, random: Random): Float32Array {
  const latentDim = generator[0]?.inputs ?? 1;
  const logits = tf.tidy(() => {
    const input = tf.tensor2d(noise, [noise.length / latentDim, latentDim]);
    return forward(upload(generator), input).output;
  });
  const values = download(logits);
  logits.dispose();
  return applyHeads({ ...heads, logits: values }, random).rows;
}

export interface GeneratorInput {
  generator: Network;
  /** Read, never changed. */
  critic: Network;
  noise: Float32Array;
  heads: HeadSettings;
}

/** The generator's loss, -mean(critic(generator(noise))), and its gradient for every parameter of the generator. */
export function generatorGradients(
  { generator, critic, noise, heads }: GeneratorInput,
  random: Random,
): { loss: number; gradients: Float32Array[] } {
  const latentDim = generator[0]?.inputs ?? 1;
  const rows = noise.length / latentDim;
  let loss = Number.NaN;
  let gradients: Float32Array[] = [];
  tf.tidy(() => {
    const layers = upload(generator);
    const pass = forward(layers, tf.tensor2d(noise, [rows, latentDim]));
    const headInput = { ...heads, logits: download(pass.output) };
    const output = applyHeads(headInput, random);
    const judged = judge(critic, output.rows);
    loss = -mean(judged.scores);
    const logitGradient = headGradient(headInput, output, judged.gradient);
    const deltas = backward(layers, pass, tf.tensor2d(logitGradient, [rows, heads.width]));
    gradients = deltas.flatMap((delta, index) => {
      const input = pass.inputs[index];
      if (!input) throw new RangeError('each layer has an input');
      return [download(weightGradient(input, delta)), download(columnSums(delta))];
    });
  });
  return { loss, gradients };
}

/** The critic's scores of rows `[rows]`, and the gradient of -mean(scores) for the rows `[rows, width]`. */
function judge(critic: Network, encoded: Float32Array): { scores: Float32Array; gradient: Float32Array } {
  const [first] = critic;
  if (!first) throw new RangeError('a critic has at least one layer');
  const rows = encoded.length / first.inputs;
  const layers = upload(critic);
  const pass = forward(layers, tf.tensor2d(encoded, [rows, first.inputs]));
  const [delta] = backward(layers, pass, tf.fill([rows, 1], -1 / rows));
  const [layer] = layers;
  if (!delta || !layer) throw new RangeError('a critic has at least one layer');
  return { scores: download(pass.output), gradient: download(tf.matMul(delta, tf.transpose(layer.weight))) };
}
