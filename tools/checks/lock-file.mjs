/**
 * The optional dependencies that no entry of the lock provides. npm leaves out a platform package that its registry
 * lacks when it writes the lock, and then refuses the lock.
 *
 * @param {Record<string, { optionalDependencies?: Record<string, string> }>} packages of package-lock.json
 * @returns {string[]} for example `node_modules/a needs b`
 */
export function missingOptional(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesOf(path, name).some((place) => place in packages))
      .map((name) => `${path || 'the project'} needs ${name}`),
  );
}

/** Where Node would look for `name` from the package at `path`, nearest first. */
function placesOf(path, name) {
  const parts = path === '' ? [] : path.split('/node_modules/');
  const places = [`node_modules/${name}`];
  for (let depth = 1; depth <= parts.length; depth += 1) {
    places.unshift(`${parts.slice(0, depth).join('/node_modules/')}/node_modules/${name}`);
  }
  return places;
}
