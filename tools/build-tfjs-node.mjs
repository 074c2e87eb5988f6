/**
 * Builds the binding of @tensorflow/tfjs-node against a libtensorflow that is already on this machine, for places
 * without the Internet. Downloads nothing.
 *
 *     node tools/build-tfjs-node.mjs --tensorflow DIR [--node-dir DIR] [--node-gyp FILE] [--check]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inspect } from './tfjs-node/inspect.mjs';
import { root } from './workspace/root.mjs';

const usage =
  'Usage: node tools/build-tfjs-node.mjs --tensorflow DIR [--node-dir DIR] [--node-gyp FILE] [--check]\n' +
  'DIR has include/tensorflow/c and lib with libtensorflow and libtensorflow_framework. --check only looks.';
/** Version of Node-API that the binding asks for. */
const napi = 8;

function main() {
  const options = readOptions();
  if (!options) return 2;
  const { version, problems, libraries } = inspect(options);
  if (problems.length > 0 || !libraries) {
    console.error(problems.map((problem) => `- ${problem}`).join('\n'));
    return 1;
  }
  console.log(`TensorFlow ${version} in ${options.tensorflow}: all that the build needs is there.`);
  if (options.isCheck) return 0;
  placeDependencies(options, libraries);
  return build(options) && tryOut(options) ? 0 : 1;
}

function readOptions() {
  let values;
  try {
    const text = { type: 'string' };
    const options = { tensorflow: text, 'node-dir': text, 'node-gyp': text, package: text, check: { type: 'boolean' } };
    ({ values } = parseArgs({ options, strict: true }));
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    return null;
  }
  if (values.tensorflow === undefined) {
    console.error(`--tensorflow is missing.\n${usage}`);
    return null;
  }
  const nodeHome = dirname(dirname(process.execPath));
  return {
    tensorflow: resolve(values.tensorflow),
    nodeDir: resolve(values['node-dir'] ?? nodeHome),
    nodeGyp: resolve(
      values['node-gyp'] ?? join(nodeHome, 'lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js'),
    ),
    packageDir: resolve(values.package ?? join(root, 'node_modules/@tensorflow/tfjs-node')),
    isCheck: values.check ?? false,
    hasProgram,
  };
}

function hasProgram(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => existsSync(join(folder, name)));
}

/** Links the libraries into the place where the binding looks for them, and copies the headers. */
function placeDependencies({ packageDir, tensorflow }, libraries) {
  const deps = join(packageDir, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, 'lib'), { recursive: true });
  cpSync(join(tensorflow, 'include'), join(deps, 'include'), { recursive: true, dereference: true });
  for (const [name, path] of [
    ['libtensorflow', libraries.tensorflow],
    ['libtensorflow_framework', libraries.framework],
  ]) {
    const names = process.platform === 'darwin' ? [`${name}.dylib`, `${name}.2.dylib`] : [`${name}.so`, `${name}.so.2`];
    for (const link of new Set([...names, basename(path)])) symlinkSync(path, join(deps, 'lib', link));
  }
  const others = readdirSync(join(tensorflow, 'lib')).filter((name) => !existsSync(join(deps, 'lib', name)));
  for (const name of others) symlinkSync(join(tensorflow, 'lib', name), join(deps, 'lib', name));
}

/** `--nodedir` keeps node-gyp from downloading the headers of Node.js. */
function build({ packageDir, nodeDir, nodeGyp }) {
  const modulePath = join(packageDir, 'lib', `napi-v${napi}`);
  const variables = ['--module_name=tfjs_binding', `--module_path=${modulePath}`, `--napi_build_version=${napi}`];
  const args = [nodeGyp, 'rebuild', `--nodedir=${nodeDir}`, ...variables];
  const { status } = spawnSync(process.execPath, args, { cwd: packageDir, stdio: 'inherit' });
  if (status === 0) return true;
  console.error(
    'The build has failed: what the compiler said stands above. Headers and library must be of one version.',
  );
  return false;
}

/** Multiplies two matrices with it, in a process of its own: a binding that does not fit ends its process. */
function tryOut({ packageDir }) {
  const script =
    "const util = require('node:util'); util.isNullOrUndefined ??= (v) => v == null; util.isArray ??= Array.isArray;" +
    `const tf = require(${JSON.stringify(packageDir)}); console.log(tf.matMul([[2, 3]], [[5], [7]]).dataSync()[0], tf.version['tfjs-node']);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    cwd: dirname(createRequire(import.meta.url).resolve('../package.json')),
    encoding: 'utf8',
  });
  if (status === 0 && stdout.startsWith('31 ')) {
    console.log(`Built and tried out: tfjs-node ${stdout.trim().split(' ')[1]}. Trainings take it by themselves.`);
    return true;
  }
  console.error(`It was built but does not work here: ${stderr.trim().split('\n').at(-1) || `exit code ${status}`}`);
  return false;
}

process.exitCode = main();
