// What the TypeScript side (src/engine/fused) and this module agree on. Compiled by both.

/**
 * One instruction of a program: 16 words of 32 bits, `[operation, tasks, arguments…]`. Addresses are bytes; sizes
 * count floats. The arguments of each operation stand at its kernel.
 */
export enum Operation {
  /** Every thread waits here for the others. */
  Barrier,
  Gemm,
  FillZero,
  FillNormal,
  FillGumbel,
  Draw,
  NormForward,
  NormInference,
  NormBackward,
  ReluForward,
  ReluBackward,
  HeadForward,
  HeadBackward,
  ConditionScatter,
  ColumnSum,
  CriticGather,
  CriticScatter,
  CriticActivate,
  CriticTop,
  CriticTopGradient,
  Penalty,
  FeatureMatch,
  Adam,
  Average,
  ClassifierInput,
  ClassifierTop,
  ClassifierSlope,
}

/** Bytes of one instruction. */
export enum Instruction {
  Bytes = 64,
}

/** Byte addresses of words that threads share. Each that is written often has a cache line of its own. */
export enum Control {
  /** Counts the programs launched: a change wakes the threads. */
  Launch = 65536,
  BarrierCount = 65600,
  BarrierGeneration = 65664,
  /** Not 0: whoever waits at the barrier leaves its program. */
  Abort = 65728,
  /** Not 0: threads end instead of waiting for another launch. */
  Quit = 65732,
  /** Not 0: products in tiles of 16 columns, which need registers of eight numbers. */
  IsWide = 65736,
  ParticipantCount = 65740,
  /** Address of the first instruction, and how many there are. */
  Program = 65744,
  ProgramLength = 65748,
  /** One word per thread: 1 once it waits for launches. */
  Ready = 65792,
  /** One word per thread: number of the first launch that it takes part in, or 0. */
  Joined = 65856,
  /** Step parameters, see `Parameter`. */
  Parameters = 66048,
  /** What never changes while the model lives, see `Constant`. */
  Constants = 66304,
  /** One line per instruction: the next task to take. */
  Counters = 66560,
}

export enum Limit {
  Threads = 16,
  Instructions = 256,
  /** First byte after the counters. */
  FirstFree = 82944,
}

/** Words at `Control.Parameters`: set before each launch. */
export enum Parameter {
  Seed = 0,
  Step = 4,
  /** Number of the update within the step, of both networks together: names the random streams. */
  Update = 8,
  /** First row that is sampled, so that a row's noise does not depend on the chunk it is made in. */
  FirstRow = 12,
  /** Learning rate / (1 - beta1^t) of the update to come (f32). */
  Rate = 16,
  /** 1 / (1 - beta2^t) (f32). */
  SecondMomentCorrection = 20,
  /** Share of the averaged weights that stays (f32). */
  AverageKept = 24,
}

/** Words at `Control.Constants`. */
export enum Constant {
  BatchSize = 0,
  Pac = 4,
  /** Floats of an encoded row in memory. */
  RowStride = 8,
  /** Floats of a condition vector in memory. */
  ConditionStride = 12,
  NumberSpans = 16,
  ChoiceSpans = 20,
  /** `[number spans]` i32: place of each number. */
  NumberStarts = 24,
  /** `[choice spans]` i32: first place of each choice. */
  ChoiceStarts = 28,
  /** `[rows, number spans]` f32 and `[rows, choice spans]` u16: the encoded rows. */
  Numbers = 32,
  Choices = 36,
  RowCount = 40,
  ConditionColumns = 44,
  /** `[condition columns + 1]` i32: first category of each column in the condition vector. */
  ConditionStarts = 48,
  /** `[categories]` u32: a word below it, and not below the one before, draws the category. */
  ConditionThresholds = 52,
  /** `[categories]` i32: the place of the category in an encoded row. */
  ConditionPlaces = 56,
  /** `[categories + 1]` u32 and `[rows * condition columns]` u32: the rows that have each category. */
  ListStarts = 60,
  ListRows = 64,
  /** `[spans, 3]` i32: kind (0 number, 1 choice), start, width. */
  Spans = 68,
  SpanCount = 72,
  /** Scratch memory of the threads, and bytes of it for each. */
  Scratch = 76,
  ScratchBytes = 80,
}

/** Which random numbers: never two purposes from one stream. */
export enum Stream {
  Noise,
  Gumbel,
  Condition,
  Row,
  Permutation,
  Mix,
  /** The dropout of layer l: `Dropout + l`. */
  Dropout = 16,
}

/** How a score becomes a loss, and what its slope is. */
export enum Score {
  WassersteinCritic,
  WassersteinGenerator,
  CrossEntropyCritic,
  CrossEntropyGenerator,
}
