import { classifierPlaces } from '../gan-shape';
import type { ClassifierShape, GanShape } from '../gan-shape';
import { padded } from './arena';
import type { Arena } from './arena';
import type { CriticLayer } from './critic-network';
import { Parameters } from './parameters';
import { lastOf } from './last-of';

interface Places {
  start: number;
  width: number;
}

/** The classifier's parameters. Offsets are floats from the start of them. */
export class ClassifierNetwork {
  readonly parameters = new Parameters();
  readonly layers: CriticLayer[] = [];
  readonly output: CriticLayer;
  readonly rowWidth: number;
  /** Places of the target and of its column in a row. */
  readonly target: Places;
  readonly column: Places;

  constructor(
    readonly shape: GanShape,
    readonly classifier: ClassifierShape,
  ) {
    const { target, column } = classifierPlaces(shape, classifier);
    this.target = target;
    this.column = column;
    this.rowWidth = padded(shape.layout.width);
    let inputs = shape.layout.width;
    classifier.layers.forEach((units, index) => {
      this.layers.push(this.layer(`hidden.${index}`, inputs, units));
      inputs = units;
    });
    this.output = this.layer('output', inputs, target.width);
  }

  private layer(name: string, inputs: number, units: number): CriticLayer {
    const [weight] = this.parameters.matrix(`${name}.weight`, [inputs], units);
    return { width: padded(units), weight: weight as number, bias: this.parameters.vector(`${name}.bias`, units) };
  }

  get lastLayer(): CriticLayer {
    return lastOf(this.layers);
  }
}

/** Memory of a pass over a batch. */
export interface ClassifierBuffers {
  rows: number;
  /** `[rows, rowWidth]`: rows without the target's column; the classifier's slope there. */
  input: number;
  slope: number;
  /** `[rows, classes]`, padded: the target, and the logits, replaced by their gradient. */
  target: number;
  logits: number;
  /** Of each layer, `[rows, width]`: before and after its activation, its slopes, gradient of the first. */
  pre: number[];
  hidden: number[];
  slopes: number[];
  down: number[];
  /** `[rows]`: cross-entropies. */
  loss: number;
}

export function allocateClassifier(network: ClassifierNetwork, rows: number, arena: Arena): ClassifierBuffers {
  const each = () => network.layers.map(({ width }) => arena.words(rows * width));
  return {
    rows,
    input: arena.words(rows * network.rowWidth),
    slope: arena.words(rows * network.rowWidth),
    target: arena.words(rows * network.output.width),
    logits: arena.words(rows * network.output.width),
    ...{ pre: each(), hidden: each(), slopes: each(), down: each() },
    loss: arena.words(rows),
  };
}
