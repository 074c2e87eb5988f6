import { isDeepStrictEqual } from 'node:util';

/** Settings that decide the shape of what was learned: a network of another shape cannot take it over. */
const structural =
  /_layers$|^latent_dim$|^max_categories$|^pac$|^condition_on_modes$|^sequence_length$|^lstm_units$|^channels$|^rows_per_emission$|^scaling$|^decorrelate$/;

/**
 * Checks the changes that a fork makes to its parent's settings.
 *
 * @returns what is wrong: each setting that cannot change, with both values and the way out
 */
export function forkMistakes(
  parent: Record<string, unknown>,
  changes: Record<string, unknown>,
): { path: string; message: string }[] {
  return Object.entries(changes).flatMap(([name, value]) => {
    if (!(name in parent) || !structural.test(name) || isDeepStrictEqual(parent[name], value)) return [];
    const [was, wanted] = [JSON.stringify(parent[name]), JSON.stringify(value)];
    const message = `${name} is ${wanted}; a fork takes over what was learned with ${was}, and another value does not fit that. Leave it out, or start a new run.`;
    return [{ path: `config.${name}`, message }];
  });
}
