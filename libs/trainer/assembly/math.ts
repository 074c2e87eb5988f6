// Elementary functions over arrays of floats, in place: the polynomials' coefficients stay in registers from one vector
// to the next. Polynomials: Moshier, Cephes (single precision), within 2 ulp.

/** e^x of each number in `bytes` (a multiple of 16). */
export function exponentials(at: usize, bytes: usize): void {
  for (const end = at + bytes; at < end; at += 16) {
    const x = f32x4.pmin(f32x4.pmax(v128.load(at), f32x4.splat(-87.3)), f32x4.splat(88));
    const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
    let f = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
    f = f32x4.sub(f, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
    let y = f32x4.splat(1.98756915e-4);
    y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.39819995e-3));
    y = f32x4.add(f32x4.mul(y, f), f32x4.splat(8.33345191e-3));
    y = f32x4.add(f32x4.mul(y, f), f32x4.splat(4.16657959e-2));
    y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.66666655e-1));
    y = f32x4.add(f32x4.mul(y, f), f32x4.splat(0.5));
    y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, f), f), f), f32x4.splat(1));
    v128.store(at, i32x4.add(y, i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23)));
  }
}

/** Natural logarithm of each number in `bytes` (a multiple of 16); they must be positive and normal. */
export function logarithms(at: usize, bytes: usize): void {
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    const exponent = i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126));
    let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
    const isLow = f32x4.lt(m, f32x4.splat(0.707106781));
    const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(isLow, f32x4.splat(1)));
    m = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(isLow, m));
    const z = f32x4.mul(m, m);
    let y = f32x4.splat(7.03768363e-2);
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-1.151461031e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(1.167699874e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-1.2420140846e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(1.4249322787e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-1.6668057665e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(2.0000714765e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-2.4999993993e-1));
    y = f32x4.add(f32x4.mul(y, m), f32x4.splat(3.3333331174e-1));
    y = f32x4.mul(f32x4.mul(y, m), z);
    y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.1219444e-4)));
    y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
    v128.store(at, f32x4.add(f32x4.add(m, y), f32x4.mul(e, f32x4.splat(0.693359375))));
  }
}

/** sin(2 pi w) for w in [-1/4, 1/4]: the series of the sine, to its 11th power. */
function sineOfTurns(w: v128): v128 {
  const z = f32x4.mul(w, w);
  let y = f32x4.splat(-15.0946426);
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(42.0586939));
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(-76.7058598));
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(81.6052493));
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(-41.3417022));
  y = f32x4.add(f32x4.mul(y, z), f32x4.splat(6.28318531));
  return f32x4.mul(y, w);
}

/** cos(2 pi u) for u in [0, 1]. */
export function cosineOfTurns(u: v128): v128 {
  return sineOfTurns(f32x4.sub(f32x4.abs(f32x4.sub(u, f32x4.splat(0.5))), f32x4.splat(0.25)));
}

export function sum4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** e^x of one number, by way of 16 bytes of scratch memory. */
export function exponential(x: f32, scratch: usize): f32 {
  v128.store(scratch, f32x4.splat(x));
  exponentials(scratch, 16);
  return load<f32>(scratch);
}

/** Natural logarithm of one number, by way of 16 bytes of scratch memory. */
export function logarithm(x: f32, scratch: usize): f32 {
  v128.store(scratch, f32x4.splat(x));
  logarithms(scratch, 16);
  return load<f32>(scratch);
}
