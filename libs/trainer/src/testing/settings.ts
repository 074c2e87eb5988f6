import type { Layout } from '../data/layout';
import type { TrainingObserver } from '../run/observer';
import { wganGpConfigSchema } from '../models/wgan-gp/config';
import type { WganGpConfig } from '../models/wgan-gp/config';

/** A config small enough for tests. */
export function smallConfig(given: Partial<WganGpConfig> = {}): WganGpConfig {
  return wganGpConfigSchema.parse({
    epochs: 2,
    batch_size: 32,
    steps_per_epoch: 4,
    checkpoint_seconds: 0,
    quality_every: 0,
    latent_dim: 8,
    generator_layers: [16, 16],
    critic_layers: [16, 16],
    ...given,
  });
}

/** One span of each kind. */
export const smallLayout: Layout = {
  width: 7,
  spans: [
    { kind: 'number', start: 0, width: 1, shares: [] },
    null,
    { kind: 'optional_number', start: 1, width: 3, shares: [0.8, 0.2] },
    { kind: 'category', start: 4, width: 3, shares: [0.5, 0.3, 0.2] },
  ],
};

export type Told = { [Kind in keyof TrainingObserver]: Parameters<TrainingObserver[Kind]>[] };

/** An observer that remembers what it was told. */
export function recordingObserver(): { observer: TrainingObserver; told: Told } {
  const told: Told = {
    ...{ started: [], update: [], progress: [], log: [], checkpoint: [], paused: [], resumed: [] },
    ...{ quality: [], health: [], endsEarly: [] },
  };
  const observer: TrainingObserver = {
    started: (...given) => void told.started.push(given),
    update: (...given) => void told.update.push(given),
    progress: (...given) => void told.progress.push(given),
    log: (...given) => void told.log.push(given),
    checkpoint: (...given) => void told.checkpoint.push(given),
    quality: (...given) => void told.quality.push(given),
    health: (...given) => void told.health.push(given),
    endsEarly: (...given) => void told.endsEarly.push(given),
    paused: (...given) => void told.paused.push(given),
    resumed: (...given) => void told.resumed.push(given),
  };
  return { observer, told };
}
