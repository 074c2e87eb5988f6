/**
 * Deterministic random numbers: xoshiro128** (Blackman and Vigna 2018), seeded through a mixing hash.
 *
 * A stream is named by a seed and labels, such as `Random.of(seed, 'step', 17)`. Work that draws from a stream
 * named by its own step number needs no stored generator state to be repeated: the step number is the state.
 */
export class Random {
  private readonly state: Uint32Array;

  /** @param state four words, not all zero */
  constructor(state: ArrayLike<number>) {
    this.state = Uint32Array.from(state);
    if (this.state.length !== 4 || this.state.every((word) => word === 0)) {
      throw new RangeError('the state of a random generator is four words that are not all zero');
    }
  }

  /** The stream that a seed and labels name: equal names give equal numbers on every machine. */
  static of(seed: number, ...labels: readonly (string | number)[]): Random {
    let hash = mix((seed >>> 0) ^ 0x9e3779b9);
    for (const label of labels) {
      const text = typeof label === 'number' ? `#${label}` : label;
      for (let i = 0; i < text.length; i++) hash = mix(hash ^ text.charCodeAt(i));
      hash = mix(hash + 0x85ebca6b);
    }
    const words = Array.from({ length: 4 }, (_, i) => mix(hash + Math.imul(i + 1, 0x9e3779b9)));
    return new Random(words.every((word) => word === 0) ? [1, 2, 3, 4] : words);
  }

  /** Four words from which `new Random(state)` goes on exactly here. */
  getState(): number[] {
    return Array.from(this.state);
  }

  nextUint32(): number {
    const s = this.state as unknown as [number, number, number, number];
    const scrambled = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return scrambled;
  }

  /** Uniform over the open interval (0, 1): never 0, so that its logarithm is finite. */
  uniform(): number {
    return (this.nextUint32() + 0.5) / 4294967296;
  }

  /** Uniform over 0 … `bound` - 1. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Fills with standard normal numbers (Box and Muller 1958). */
  fillNormal(target: Float32Array): Float32Array {
    for (let i = 0; i < target.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      target[i] = radius * Math.cos(angle);
      if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle);
    }
    return target;
  }

  /** Fills with numbers uniform over (`low`, `high`). */
  fillUniform(target: Float32Array, low: number, high: number): Float32Array {
    for (let i = 0; i < target.length; i++) target[i] = low + (high - low) * this.uniform();
    return target;
  }

  /** A standard Gumbel number: `argmax(logits + gumbel)` draws from `softmax(logits)`. */
  gumbel(): number {
    return -Math.log(-Math.log(this.uniform()));
  }

  /** The numbers 0 … `length` - 1 in random order (Fisher and Yates). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = kept;
    }
    return order;
  }
}

function rotateLeft(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}

/** A bijection of 32-bit words in which each input bit moves about half of the output bits (Ellis' lowbias32). */
export function mix(word: number): number {
  let x = word >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
