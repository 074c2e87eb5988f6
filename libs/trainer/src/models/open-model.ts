import type { Engine } from '../engine/engine';
import { isModelName, modelNames } from './catalog';
import type { ModelName } from './catalog';
import { openCtgan } from './ctgan/ctgan';
import { openGan } from './gan/gan';
import { withOrderBooks } from './order-book-model';
import { openDoppelganger } from './series/doppelganger/doppelganger';
import { openQuantgan } from './series/quantgan/quantgan';
import type { TableModel } from './table-model';
import { openTvae } from './tvae/tvae';
import { openWganGp } from './wgan-gp/table-model';

const openers: Record<ModelName, (config: unknown, engine: Engine) => TableModel> = {
  ctgan: openCtgan,
  'wgan-gp': openWganGp,
  gan: openGan,
  tvae: openTvae,
  doppelganger: openDoppelganger,
  quantgan: openQuantgan,
};

/**
 * A model by its name.
 *
 * @param config its settings, complete
 * @throws RangeError for a name that is not in the catalogue; ZodError for settings that are not those of the model
 */
export function openModel(name: string, config: unknown, engine: Engine): TableModel {
  if (!isModelName(name)) throw new RangeError(`There is no model "${name}". Models are: ${modelNames.join(', ')}.`);
  return withOrderBooks(openers[name](config, engine), config);
}
