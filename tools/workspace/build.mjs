import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runStep } from './child.mjs';
import { workLock } from './installation.mjs';
import { withLock } from './lock.mjs';
import { root } from './root.mjs';

const configuration = ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json'];

/** What each built project is made of, and the file that shows that it was built. */
export const buildable = [
  { name: 'api', inputs: ['apps/api', 'libs', ...configuration], output: 'dist/apps/api/main.js' },
  {
    name: 'web',
    inputs: ['apps/web', 'libs/shared-types', ...configuration],
    output: 'dist/apps/web/browser/index.html',
  },
];

const ignoredFolders = new Set(['node_modules', 'dist', 'testing', '.angular', '.vite', 'coverage']);

/** Builds the projects whose sources have changed since they were last built; starts nothing when none has. */
export async function ensureBuilt(node) {
  if (staleProjects(root).length === 0) return;
  await withLock(workLock, async () => {
    const names = staleProjects(root).map(({ name }) => name);
    if (names.length === 0) return;
    console.log(`Building ${names.join(' and ')} …`);
    if (!(await build(node, names)))
      throw new Error(`the build of ${names.join(' and ')} failed; its message stands above.`);
  });
}

/** Builds through Nx, whose cache may make it short; remembers of which sources. False: it failed. */
export async function build(node, names) {
  const projects = buildable.filter(({ name }) => names.includes(name));
  // What is edited while the build runs must count as changed.
  const fingerprints = projects.map((project) => fingerprint(root, project.inputs));
  const { code } = await nx(node, ['run-many', '-t', 'build', '-p', names.join(',')]);
  if (code !== 0) return false;
  projects.forEach((project, index) => writeStamp(root, project, fingerprints[index]));
  return true;
}

/** Nx would keep its cache in the user's home, shared by all clones: a clean clone must build for itself. */
export const nxCache = join(root, '.nx/cache');

/** Runs Nx and everything below it on the given Node, without daemon, cloud and questions. */
export function nx(node, args, { environment = {}, timeoutMs } = {}) {
  const env = {
    ...process.env,
    PATH: [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    NX_CACHE_DIRECTORY: nxCache,
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    NG_CLI_ANALYTICS: 'false',
    ...environment,
  };
  return runStep(node, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], { cwd: root, env, timeoutMs });
}

/** The projects of `folder` that were never built, or whose sources or output are not those of their last build. */
export function staleProjects(folder, projects = buildable) {
  return projects.filter((project) => {
    const stamp = stampFile(folder, project);
    if (!existsSync(stamp) || !existsSync(join(folder, project.output))) return true;
    return readFileSync(stamp, 'utf8') !== stampOf(folder, project, fingerprint(folder, project.inputs));
  });
}

export function writeStamp(folder, project, sources) {
  const stamp = stampFile(folder, project);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, stampOf(folder, project, sources));
}

/** A hash over the names and contents of the sources, without tests. */
export function fingerprint(folder, inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesOf(folder, input))) {
    hash.update(`${file}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest(),
    );
  }
  return hash.digest('hex');
}

function filesOf(folder, path) {
  const status = statSync(join(folder, path), { throwIfNoEntry: false });
  if (!status) return [];
  if (!status.isDirectory()) return [path];
  return readdirSync(join(folder, path), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => !ignoredFolders.has(name) && !name.endsWith('.spec.ts'))
    .flatMap((entry) => filesOf(folder, `${path}/${entry.name}`));
}

const stampFile = (folder, { name }) => join(folder, 'dist/.stamps', name);

/** The output's own time stands beside the sources: a build by other means replaces the output, not the stamp. */
function stampOf(folder, { output }, sources) {
  const { mtimeMs, size } = statSync(join(folder, output));
  return `${sources} ${mtimeMs} ${size}`;
}
