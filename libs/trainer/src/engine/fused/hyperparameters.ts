import { classifierPlaces, isStored } from '../gan-shape';
import type { ClassifierShape, GanShape, RowSpan, TrainingRows } from '../gan-shape';

/** Adam (Kingma and Ba 2015), without its learning rate, which each step brings. Epsilon is 1e-8. */
export interface AdamSettings {
  beta1: number;
  beta2: number;
  /** L2 decay, added to the gradient: `decay * weight`. */
  decay: number;
}

/** How a GAN is trained, apart from its shape and its learning rates. */
export interface FusedHyperparameters {
  /** Rows of one update; a multiple of the shape's `pac`. */
  batchSize: number;
  /** Critic updates before each generator update. */
  criticSteps: number;
  /** Weight of `mean((|slope| - 1)^2)` (Gulrajani et al. 2017). Only with the loss `wasserstein`. */
  gradientPenaltyWeight: number;
  /** What the critic shall say of real rows, below 1 for one-sided label smoothing. Only with `non_saturating`. */
  realTarget: number;
  /** Weight of the cross-entropy between a generated choice and its condition. */
  conditionWeight: number;
  /** Weight of the information loss (see `assembly/critic.ts`); 0 leaves it out. */
  featureMatchWeight: number;
  generator: AdamSettings;
  critic: AdamSettings;
  /** Share of the averaged generator weights that each step keeps: 0.999 averages over some 1000 steps, 0 is off. */
  generatorAverage: number;
}

export function isNumber(span: RowSpan): boolean {
  return span.kind === 'number';
}

/** @throws RangeError naming the setting that no GAN can have */
export function checkShape(shape: GanShape): void {
  const { layout, generator, critic } = shape;
  let end = 0;
  for (const span of layout.spans) {
    if (span.start !== end) throw new RangeError(`a span starts at place ${span.start}; the one before ends at ${end}`);
    const width = span.kind === 'number' ? 1 : span.width;
    require(width, width >= 1 && width <= 65_536, 'the width of a choice', 'from 1 to 65536');
    end += width;
  }
  if (end !== layout.width) throw new RangeError(`the spans fill ${end} of ${layout.width} places of a row`);
  for (const index of layout.conditions) {
    if (layout.spans[index]?.kind !== 'choice') throw new RangeError(`condition ${index} is not a choice of the row`);
  }
  require(shape.latentDim, isCount(shape.latentDim), 'latentDim', 'a whole number from 1');
  for (const [name, layers] of [['generator', generator.layers] as const, ['critic', critic.layers] as const]) {
    require(layers.length, layers.length >= 1 && layers.length <= 8, `${name} layers`, 'from 1 to 8 layers');
    for (const units of layers) require(units, isCount(units), `units of a ${name} layer`, 'a whole number from 1');
  }
  if (shape.classifier) checkClassifier(shape, shape.classifier);
  require(generator.gumbelTemperature, generator.gumbelTemperature >
    0, 'generator.gumbelTemperature', 'greater than 0');
  require(critic.leak, critic.leak >= 0 && critic.leak < 1, 'critic.leak', 'from 0 to below 1');
  require(critic.dropout, critic.dropout >= 0 && critic.dropout < 1, 'critic.dropout', 'from 0 to below 1');
  require(critic.pac, isCount(critic.pac), 'critic.pac', 'a whole number from 1');
}

function checkClassifier(shape: GanShape, classifier: ClassifierShape): void {
  classifierPlaces(shape, classifier);
  const { layers, dropout, weight } = classifier;
  require(layers.length, layers.length >= 1 && layers.length <= 8, 'classifier layers', 'from 1 to 8 layers');
  for (const units of layers) require(units, isCount(units), 'units of a classifier layer', 'a whole number from 1');
  require(dropout, isShare(dropout), 'classifier.dropout', 'from 0 to below 1');
  require(weight, weight > 0, 'classifier.weight', 'greater than 0');
}

/** @throws RangeError naming the setting that the shape cannot be trained with */
export function checkHyperparameters(shape: GanShape, settings: FusedHyperparameters): void {
  const { batchSize, criticSteps } = settings;
  const fits = isCount(batchSize) && batchSize % shape.critic.pac === 0;
  require(batchSize, fits, 'batchSize', `a multiple of pac, which is ${shape.critic.pac}`);
  require(criticSteps, isCount(criticSteps) && criticSteps <= 100, 'criticSteps', 'a whole number from 1 to 100');
  for (const name of ['gradientPenaltyWeight', 'conditionWeight', 'featureMatchWeight'] as const) {
    require(settings[name], settings[name] >= 0, name, 'at least 0');
  }
  require(settings.realTarget, settings.realTarget > 0 && settings.realTarget <= 1, 'realTarget', 'in (0, 1]');
  require(settings.generatorAverage, isShare(settings.generatorAverage), 'generatorAverage', 'from 0 to below 1');
  for (const name of ['generator', 'critic'] as const) {
    const { beta1, beta2, decay } = settings[name];
    require(beta1, isShare(beta1), `${name}.beta1`, 'from 0 to below 1');
    require(beta2, isShare(beta2), `${name}.beta2`, 'from 0 to below 1');
    require(decay, decay >= 0, `${name}.decay`, 'at least 0');
  }
}

/** @throws RangeError where the rows are not those of the shape */
export function checkRows(shape: GanShape, rows: TrainingRows): void {
  const numbers = shape.layout.spans.filter(isNumber).length;
  const choices = shape.layout.spans.flatMap((span) => (span.kind === 'choice' ? [span.width] : []));
  const { rowCount } = rows;
  require(rowCount, isCount(rowCount), 'rowCount', 'a whole number from 1');
  // Stored rows are checked as they are listed.
  if (isStored(rows)) return;
  require(rows.numbers.length, rows.numbers.length ===
    rowCount * numbers, 'length of numbers', `${rowCount} x ${numbers}`);
  require(rows.choices.length, rows.choices.length ===
    rowCount * choices.length, 'length of choices', `${rowCount} x ${choices.length}`);
  for (let i = 0; i < rows.choices.length; i++) {
    const chosen = rows.choices[i] as number;
    const width = choices[i % choices.length] as number;
    if (chosen >= width) throw new RangeError(`row ${Math.floor(i / choices.length)} chooses ${chosen} of ${width}`);
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function isShare(value: number): boolean {
  return value >= 0 && value < 1;
}

function require(value: number, isRight: boolean, name: string, rule: string): void {
  if (!isRight) throw new RangeError(`${name} is ${value}; it must be ${rule}`);
}
