import type { GanShape } from '../gan-shape';
import { padded } from './arena';
import { Parameters } from './parameters';
import { lastOf } from './last-of';

/** Offsets are floats from the start of the network's parameters. */
export interface CriticLayer {
  width: number;
  weight: number;
  bias: number;
}

/**
 * The critic's parameters. Rows of the first layer's weights: those of the `pac` encoded rows of a group one after the
 * other, then those of their conditions.
 */
export class CriticNetwork {
  readonly parameters = new Parameters();
  readonly layers: CriticLayer[] = [];
  readonly pac: number;
  readonly rowWidth: number;
  readonly conditionWidth: number;
  readonly score: { weight: number; bias: number };

  constructor(
    readonly shape: GanShape,
    categories: number,
  ) {
    const { layers, pac } = shape.critic;
    this.pac = pac;
    this.rowWidth = padded(shape.layout.width);
    this.conditionWidth = padded(categories);
    layers.forEach((units, index) => {
      const name = `hidden.${index}`;
      const ofRows = new Array<number>(pac).fill(shape.layout.width);
      const ofConditions = new Array<number>(pac).fill(categories);
      const inputs = index === 0 ? [...ofRows, ...ofConditions] : [layers[index - 1] as number];
      const [weight] = this.parameters.matrix(`${name}.weight`, inputs, units);
      const bias = this.parameters.vector(`${name}.bias`, units);
      this.layers.push({ width: padded(units), weight: weight as number, bias });
    });
    const last = lastOf(layers);
    this.score = {
      weight: this.parameters.vector('score.weight', last),
      bias: this.parameters.vector('score.bias', 1),
    };
  }

  get firstLayer(): CriticLayer {
    return this.layers[0] as CriticLayer;
  }

  get lastLayer(): CriticLayer {
    return lastOf(this.layers);
  }

  /** Floats of the encoded rows of a group, and of a whole group with its conditions. */
  get rowsWidth(): number {
    return this.pac * this.rowWidth;
  }
  get groupWidth(): number {
    return this.pac * (this.rowWidth + this.conditionWidth);
  }
}
