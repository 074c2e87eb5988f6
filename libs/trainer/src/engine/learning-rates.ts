/** How learning rates change over a run. */
export interface LearningRateSchedule {
  /** From the full rate to 0: not at all, in a straight line, or as half a cosine (Loshchilov and Hutter 2017). */
  curve: 'constant' | 'linear' | 'cosine';
  /** Steps over which the rates rise in a straight line before that (Goyal et al. 2017, section 2.2). */
  warmupSteps: number;
}

/**
 * Share of the learning rates that a step takes. It depends on the number of the step alone, so that a run that goes on
 * from a checkpoint takes the same rates as one that never stopped.
 *
 * @param step from 0
 * @param totalSteps of the whole run
 * @returns in [0, 1]; above 0 for every step of the run
 */
export function rateFactor(
  { curve, warmupSteps }: LearningRateSchedule,
  { step, totalSteps }: { step: number; totalSteps: number },
): number {
  if (step < warmupSteps) return (step + 1) / (warmupSteps + 1);
  if (curve === 'constant') return 1;
  const done = (step - warmupSteps) / (totalSteps - warmupSteps);
  return curve === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
}

/** The schedule that the settings of a model name. */
export function scheduleOf(config: {
  learning_rate_decay: boolean;
  learning_rate_curve: 'linear' | 'cosine';
  warmup_steps: number;
}): LearningRateSchedule {
  return {
    curve: config.learning_rate_decay ? config.learning_rate_curve : 'constant',
    warmupSteps: config.warmup_steps,
  };
}
