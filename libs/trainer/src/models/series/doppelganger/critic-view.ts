import * as tf from '@tensorflow/tfjs';
import type { WindowLayout } from '../../../data/series/windows';

/**
 * What the critic sees of a window: itself, and the differences from row to row, brought to the scale of the values. A
 * critic whose slope is held at 1 hardly reacts to what is small; without this, paths come out rougher than the real ones.
 */
export function criticWidth({ width, length, features }: WindowLayout): number {
  return width + (length - 1) * features.width;
}

/**
 * @param windows `[rows, layout.width]`
 * @param scales factor of the differences of each place of a row, `[layout.features.width]`
 * @returns `[rows, criticWidth]`
 */
export function criticRows(layout: WindowLayout, windows: Float32Array, scales: Float32Array): Float32Array {
  const { width, features } = layout;
  const wide = criticWidth(layout);
  const rowsAt = width - layout.length * features.width;
  const rows = windows.length / width;
  const view = new Float32Array(rows * wide);
  for (let row = 0; row < rows; row++) {
    view.set(windows.subarray(row * width, (row + 1) * width), row * wide);
    for (let i = 0; i < wide - width; i++) {
      const at = row * width + rowsAt + i;
      const difference = (windows[at + features.width] ?? 0) - (windows[at] ?? 0);
      view[row * wide + width + i] = difference * (scales[i % features.width] ?? 1);
    }
  }
  return view;
}

/** The same as `criticRows` on tensors, with gradients. */
export function criticView(layout: WindowLayout, windows: tf.Tensor2D, scales: Float32Array): tf.Tensor2D {
  const { width, features, length } = layout;
  const count = (length - 1) * features.width;
  const rowsAt = width - length * features.width;
  const factors = Float32Array.from({ length: count }, (_, i) => scales[i % features.width] ?? 1);
  const later = tf.slice2d(windows, [0, rowsAt + features.width], [-1, count]);
  const earlier = tf.slice2d(windows, [0, rowsAt], [-1, count]);
  return tf.concat2d([windows, tf.mul(tf.sub(later, earlier), tf.tensor2d(factors, [1, count]))], 1);
}
