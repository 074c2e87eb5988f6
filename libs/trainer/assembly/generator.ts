// The generator's hidden layers. Kernels work on strips of 16 columns, a cache line of each row.

/** Adds to the pre-activations of a strip what its rows' conditions weigh. -1 is no condition. */
function conditionWeight(conditions: usize, weights: usize, stride: usize, row: i32, place: usize): usize {
  const condition = load<i32>(conditions + ((<usize>row) << 2));
  return condition < 0 ? 0 : weights + <usize>condition * stride + place;
}

function addConditions(x: usize, stride: usize, rows: i32, conditions: usize, weights: usize, place: usize): void {
  for (let i = 0; i < rows; i++) {
    const w = conditionWeight(conditions, weights, stride, i, place);
    if (w) {
      v128.store(x, f32x4.add(v128.load(x), v128.load(w)), 0);
      v128.store(x, f32x4.add(v128.load(x, 16), v128.load(w, 16)), 16);
      v128.store(x, f32x4.add(v128.load(x, 32), v128.load(w, 32)), 32);
      v128.store(x, f32x4.add(v128.load(x, 48), v128.load(w, 48)), 48);
    }
    x += stride;
  }
}

/** Means and variances of a strip, in two passes: 16 means at `out`, then 16 variances. */
function moments(x: usize, stride: usize, rows: i32, out: usize): void {
  const share = f32x4.splat(<f32>1 / <f32>rows);
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let row = x;
  for (let i = 0; i < rows; i++) {
    a = f32x4.add(a, v128.load(row));
    b = f32x4.add(b, v128.load(row, 16));
    c = f32x4.add(c, v128.load(row, 32));
    d = f32x4.add(d, v128.load(row, 48));
    row += stride;
  }
  v128.store(out, f32x4.mul(a, share));
  v128.store(out, f32x4.mul(b, share), 16);
  v128.store(out, f32x4.mul(c, share), 32);
  v128.store(out, f32x4.mul(d, share), 48);
  variances(x, stride, rows, out);
}

function variances(x: usize, stride: usize, rows: i32, out: usize): void {
  const share = f32x4.splat(<f32>1 / <f32>rows);
  const meanA = v128.load(out);
  const meanB = v128.load(out, 16);
  const meanC = v128.load(out, 32);
  const meanD = v128.load(out, 48);
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let i = 0; i < rows; i++) {
    let difference = f32x4.sub(v128.load(x), meanA);
    a = f32x4.add(a, f32x4.mul(difference, difference));
    difference = f32x4.sub(v128.load(x, 16), meanB);
    b = f32x4.add(b, f32x4.mul(difference, difference));
    difference = f32x4.sub(v128.load(x, 32), meanC);
    c = f32x4.add(c, f32x4.mul(difference, difference));
    difference = f32x4.sub(v128.load(x, 48), meanD);
    d = f32x4.add(d, f32x4.mul(difference, difference));
    x += stride;
  }
  v128.store(out, f32x4.mul(a, share), 64);
  v128.store(out, f32x4.mul(b, share), 80);
  v128.store(out, f32x4.mul(c, share), 96);
  v128.store(out, f32x4.mul(d, share), 112);
}

/** The running statistics move a share towards those of the batch; the variance is the unbiased one. */
function updateRunning(mean: usize, variance: usize, batch: usize, share: f32, rows: i32): void {
  const kept = f32x4.splat(1 - share);
  const unbiased = rows > 1 ? <f32>rows / <f32>(rows - 1) : <f32>1;
  const newMean = f32x4.mul(v128.load(batch), f32x4.splat(share));
  const newVariance = f32x4.mul(v128.load(batch, 64), f32x4.splat(share * unbiased));
  v128.store(mean, f32x4.add(f32x4.mul(v128.load(mean), kept), newMean));
  v128.store(variance, f32x4.add(f32x4.mul(v128.load(variance), kept), newVariance));
}

/**
 * Batch norm over the rows (Ioffe and Szegedy 2015; eps 1e-5), then ReLU.
 *
 * Arguments: 2 pre-activations, 3 their row stride and the width of the layer, 4 rows, 5 conditions or 0, 6 weights of
 * the conditions, 7 gamma, followed by beta, 8 normalised numbers (out), 9 1 / standard deviations (out), 10 out,
 * 11 its row stride, 12 running means, followed by variances, 13 share of the batch in the running statistics (f32),
 * 14 scratch of 256 bytes a task. Tasks: width / 16.
 */
export function normForward(at: usize, task: i32): void {
  const width = load<i32>(at, 12);
  const rows = load<i32>(at, 16);
  const stride = (<usize>width) << 2;
  const scratch = <usize>load<i32>(at, 56) + ((<usize>task) << 8);
  const strip = (<usize>task) << 6;
  const pre = <usize>load<i32>(at, 8) + strip;
  const conditions = <usize>load<i32>(at, 20);
  if (conditions) addConditions(pre, stride, rows, conditions, <usize>load<i32>(at, 24), strip);
  const running = <usize>load<i32>(at, 48) + strip;
  const share = load<f32>(at, 52);
  moments(pre, stride, rows, scratch);
  for (let j: usize = 0; j < 64; j += 16) {
    if (share > 0) updateRunning(running + j, running + j + stride, scratch + j, share, rows);
    foldNorm(at, strip + j, scratch + j);
  }
  normalise(at, strip, scratch);
}

/** 1 / standard deviations of four columns; what follows the means in `batch` becomes scales, gammas and betas. */
function foldNorm(at: usize, place: usize, batch: usize): void {
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const scale = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(v128.load(batch, 64), f32x4.splat(1e-5))));
  v128.store(<usize>load<i32>(at, 36) + place, scale);
  v128.store(batch, scale, 64);
  v128.store(batch, v128.load(<usize>load<i32>(at, 28) + place), 128);
  v128.store(batch, v128.load(<usize>load<i32>(at, 28) + stride + place), 192);
}

function normalise(at: usize, place: usize, batch: usize): void {
  const rows = load<i32>(at, 16);
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const outStride = (<usize>load<i32>(at, 44)) << 2;
  let x = <usize>load<i32>(at, 8) + place;
  let normalised = <usize>load<i32>(at, 32) + place;
  let out = <usize>load<i32>(at, 40) + place;
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < 64; j += 16) {
      const value = f32x4.mul(f32x4.sub(v128.load(x + j), v128.load(batch + j)), v128.load(batch + j, 64));
      v128.store(normalised + j, value);
      const shifted = f32x4.add(f32x4.mul(value, v128.load(batch + j, 128)), v128.load(batch + j, 192));
      v128.store(out + j, f32x4.pmax(shifted, f32x4.splat(0)));
    }
    x += stride;
    normalised += stride;
    out += outStride;
  }
}

/**
 * Batch norm with running statistics, then ReLU. Arguments: 2 to 7 and 10 to 12 as of `normForward`. Tasks: width / 16.
 */
export function normInference(at: usize, task: i32): void {
  const rows = load<i32>(at, 16);
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const outStride = (<usize>load<i32>(at, 44)) << 2;
  const strip = (<usize>task) << 6;
  const pre = <usize>load<i32>(at, 8) + strip;
  const conditions = <usize>load<i32>(at, 20);
  if (conditions) addConditions(pre, stride, rows, conditions, <usize>load<i32>(at, 24), strip);
  for (let place = strip; place < strip + 64; place += 16) {
    const mean = v128.load(<usize>load<i32>(at, 48) + place);
    const variance = v128.load(<usize>load<i32>(at, 48) + stride + place);
    const gamma = v128.load(<usize>load<i32>(at, 28) + place);
    const beta = v128.load(<usize>load<i32>(at, 28) + stride + place);
    const scale = f32x4.div(gamma, f32x4.sqrt(f32x4.add(variance, f32x4.splat(1e-5))));
    let x = <usize>load<i32>(at, 8) + place;
    let out = <usize>load<i32>(at, 40) + place;
    for (let i = 0; i < rows; i++) {
      const value = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), mean), scale), beta);
      v128.store(out, f32x4.pmax(value, f32x4.splat(0)));
      x += stride;
      out += outStride;
    }
  }
}

/**
 * The gradient through ReLU and batch norm.
 *
 * Arguments: 2 gradient of the outputs, 3 its row stride, 4 rows, 5 outputs, 6 their row stride, 7 normalised numbers,
 * 8 1 / standard deviations, 9 gamma, 10 gradient of gamma, followed by that of beta (out), 11 gradient of the
 * pre-activations (out), 12 width and row stride of 7 and 11. Tasks: width / 16.
 */
export function normBackward(at: usize, task: i32): void {
  const rows = <usize>load<i32>(at, 16);
  const upStride = (<usize>load<i32>(at, 12)) << 2;
  const outStride = (<usize>load<i32>(at, 24)) << 2;
  const stride = (<usize>load<i32>(at, 48)) << 2;
  // Two vectors at a time: a strip is half a cache line.
  const strip = (<usize>task) << 6;
  for (let place = strip; place < strip + 64; place += 32) {
    const up = <usize>load<i32>(at, 8) + place;
    const out = <usize>load<i32>(at, 20) + place;
    const normalised = <usize>load<i32>(at, 28) + place;
    let sumA = f32x4.splat(0);
    let sumB = sumA;
    let productA = sumA;
    let productB = sumA;
    for (let i: usize = 0; i < rows; i++) {
      const a = passReLU(up + i * upStride, out + i * outStride);
      const b = passReLU(up + i * upStride + 16, out + i * outStride + 16);
      sumA = f32x4.add(sumA, a);
      sumB = f32x4.add(sumB, b);
      productA = f32x4.add(productA, f32x4.mul(a, v128.load(normalised + i * stride)));
      productB = f32x4.add(productB, f32x4.mul(b, v128.load(normalised + i * stride, 16)));
    }
    const gradients = <usize>load<i32>(at, 40) + place;
    v128.store(gradients, productA);
    v128.store(gradients, productB, 16);
    v128.store(gradients + stride, sumA);
    v128.store(gradients + stride, sumB, 16);
    centre(at, place, sumA, productA, sumB, productB);
  }
}

/** Gradient of eight columns of pre-activations, of sums of gradients and of gradients times normalised numbers. */
function centre(at: usize, place: usize, sumA: v128, productA: v128, sumB: v128, productB: v128): void {
  const rows = load<i32>(at, 16);
  const upStride = (<usize>load<i32>(at, 12)) << 2;
  const outStride = (<usize>load<i32>(at, 24)) << 2;
  const stride = (<usize>load<i32>(at, 48)) << 2;
  const share = f32x4.splat(<f32>1 / <f32>rows);
  sumA = f32x4.mul(sumA, share);
  sumB = f32x4.mul(sumB, share);
  productA = f32x4.mul(productA, share);
  productB = f32x4.mul(productB, share);
  const gamma = <usize>load<i32>(at, 36) + place;
  const scale = <usize>load<i32>(at, 32) + place;
  const factorA = f32x4.mul(v128.load(gamma), v128.load(scale));
  const factorB = f32x4.mul(v128.load(gamma, 16), v128.load(scale, 16));
  let up = <usize>load<i32>(at, 8) + place;
  let out = <usize>load<i32>(at, 20) + place;
  let normalised = <usize>load<i32>(at, 28) + place;
  let down = <usize>load<i32>(at, 44) + place;
  for (let i = 0; i < rows; i++) {
    const a = f32x4.sub(f32x4.sub(passReLU(up, out), sumA), f32x4.mul(v128.load(normalised), productA));
    const b = f32x4.sub(passReLU(up + 16, out + 16), sumB);
    v128.store(down, f32x4.mul(factorA, a));
    v128.store(down, f32x4.mul(factorB, f32x4.sub(b, f32x4.mul(v128.load(normalised, 16), productB))), 16);
    up += upStride;
    out += outStride;
    normalised += stride;
    down += stride;
  }
}

function passReLU(gradient: usize, output: usize): v128 {
  return v128.and(v128.load(gradient), f32x4.gt(v128.load(output), f32x4.splat(0)));
}

/**
 * Bias, conditions and ReLU. Arguments: 2 pre-activations, 3 their row stride, 4 rows, 5 conditions or 0, 6 weights of
 * the conditions, 7 bias, 10 out, 11 its row stride. Tasks: width / 16.
 */
export function reluForward(at: usize, task: i32): void {
  const rows = load<i32>(at, 16);
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const outStride = (<usize>load<i32>(at, 44)) << 2;
  const strip = (<usize>task) << 6;
  const pre = <usize>load<i32>(at, 8) + strip;
  const conditions = <usize>load<i32>(at, 20);
  if (conditions) addConditions(pre, stride, rows, conditions, <usize>load<i32>(at, 24), strip);
  for (let place = strip; place < strip + 64; place += 16) {
    const bias = v128.load(<usize>load<i32>(at, 28) + place);
    let x = <usize>load<i32>(at, 8) + place;
    let out = <usize>load<i32>(at, 40) + place;
    for (let i = 0; i < rows; i++) {
      v128.store(out, f32x4.pmax(f32x4.add(v128.load(x), bias), f32x4.splat(0)));
      x += stride;
      out += outStride;
    }
  }
}

/**
 * The gradient through ReLU and bias. Arguments: 2 to 6 and 11, 12 as of `normBackward`, 10 gradient of the bias (out).
 * Tasks: width / 16.
 */
export function reluBackward(at: usize, task: i32): void {
  const rows = <usize>load<i32>(at, 16);
  const upStride = (<usize>load<i32>(at, 12)) << 2;
  const outStride = (<usize>load<i32>(at, 24)) << 2;
  const stride = (<usize>load<i32>(at, 48)) << 2;
  const strip = (<usize>task) << 6;
  for (let place = strip; place < strip + 64; place += 16) {
    const up = <usize>load<i32>(at, 8) + place;
    const out = <usize>load<i32>(at, 20) + place;
    const down = <usize>load<i32>(at, 44) + place;
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < rows; i++) {
      const passed = passReLU(up + i * upStride, out + i * outStride);
      v128.store(down + i * stride, passed);
      sum = f32x4.add(sum, passed);
    }
    v128.store(<usize>load<i32>(at, 40) + place, sum);
  }
}

/**
 * The gradient of the weights of one-hot conditions: each row adds its gradient to the weights of its category.
 * Arguments: 2 gradient of the weights (out), 3 width and row stride, 4 categories, 5 conditions, 6 gradient of the
 * pre-activations, 7 rows. Tasks: width / 16.
 */
export function conditionScatter(at: usize, task: i32): void {
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const out = <usize>load<i32>(at, 8) + ((<usize>task) << 6);
  const categories = load<i32>(at, 16);
  const conditions = <usize>load<i32>(at, 20);
  for (let i = 0; i < categories; i++) memory.fill(out + <usize>i * stride, 0, 64);
  let from = <usize>load<i32>(at, 24) + ((<usize>task) << 6);
  const rows = load<i32>(at, 28);
  for (let i = 0; i < rows; i++) {
    const to = out + <usize>load<i32>(conditions + ((<usize>i) << 2)) * stride;
    for (let j: usize = 0; j < 64; j += 16) v128.store(to + j, f32x4.add(v128.load(to + j), v128.load(from + j)));
    from += stride;
  }
}

/**
 * Sums of columns over one or two blocks of rows. Arguments: 2 source, 3 width and row stride, 4 out, 5 rows, 6 second
 * source or 0 (as many rows). Tasks: width / 16.
 */
export function columnSum(at: usize, task: i32): void {
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const rows = load<i32>(at, 20);
  const strip = (<usize>task) << 6;
  const second = <usize>load<i32>(at, 24);
  for (let place = strip; place < strip + 64; place += 16) {
    let sum = sumDown(f32x4.splat(0), <usize>load<i32>(at, 8) + place, stride, rows);
    if (second) sum = sumDown(sum, second + place, stride, rows);
    v128.store(<usize>load<i32>(at, 16) + place, sum);
  }
}

function sumDown(start: v128, from: usize, stride: usize, rows: i32): v128 {
  let sum = start;
  for (let i = 0; i < rows; i++) {
    sum = f32x4.add(sum, v128.load(from));
    from += stride;
  }
  return sum;
}
