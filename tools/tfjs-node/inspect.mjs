import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The version that tfjs-node 4.22 was written against; older ones lack functions that it calls. */
export const oldestTensorflow = [2, 9];

const headers = ['tensorflow/c/c_api.h', 'tensorflow/c/eager/c_api.h'];
const libraryNames = {
  linux: { tensorflow: /^libtensorflow(_cc)?\.so(\.[\d.]+)?$/, framework: /^libtensorflow_framework\.so(\.[\d.]+)?$/ },
  darwin: {
    tensorflow: /^libtensorflow(_cc)?(\.[\d.]+)?\.dylib$/,
    framework: /^libtensorflow_framework(\.[\d.]+)?\.dylib$/,
  },
};

/**
 * What of a libtensorflow is there to build the binding with. Nothing is changed.
 *
 * @param given `tensorflow`: folder with `include` and `lib`; `nodeDir`: folder with `include/node`; `packageDir`:
 *   folder of @tensorflow/tfjs-node; `nodeGyp`: its script; `hasProgram(name)`: whether the machine has a program
 * @returns {{ problems: string[], version: string | null, libraries: { tensorflow: string, framework: string } | null }}
 *   each problem with its way out
 */
export function inspect({ tensorflow, nodeDir, packageDir, nodeGyp, platform = process.platform, hasProgram }) {
  const problems = [];
  if (!libraryNames[platform]) {
    return {
      problems: [
        `This script builds on Linux and macOS, not on ${platform}: see WINDOWS_TROUBLESHOOTING.md of tfjs-node.`,
      ],
      version: null,
      libraries: null,
    };
  }
  if (!existsSync(join(packageDir, 'binding.gyp'))) {
    problems.push(
      `"${packageDir}" does not hold @tensorflow/tfjs-node. Install it without its scripts, which would download: npm install --no-save --ignore-scripts @tensorflow/tfjs-node@4.22.0`,
    );
  }
  for (const program of ['make', 'c++', 'python3']) {
    if (!hasProgram(program))
      problems.push(`The program "${program}" is missing. Install a C++ compiler, make and Python 3.`);
  }
  if (!existsSync(nodeGyp)) problems.push(`node-gyp is missing at "${nodeGyp}". Give its script with --node-gyp FILE.`);
  if (!existsSync(join(nodeDir, 'include/node/node_api.h'))) {
    problems.push(
      `The headers of Node.js are missing: there is no "${join(nodeDir, 'include/node/node_api.h')}". Unpack the archive of Node ${process.versions.node} and name its folder with --node-dir DIR.`,
    );
  }
  const found = inspectTensorflow(tensorflow, libraryNames[platform]);
  return { problems: [...problems, ...found.problems], version: found.version, libraries: found.libraries };
}

function inspectTensorflow(folder, names) {
  if (!existsSync(folder)) {
    return {
      problems: [`--tensorflow is "${folder}", which does not exist. Name the folder with include and lib.`],
      version: null,
      libraries: null,
    };
  }
  const problems = headers
    .filter((header) => !existsSync(join(folder, 'include', header)))
    .map(
      (header) =>
        `The header "${join(folder, 'include', header)}" is missing. Unpack the C library of TensorFlow with its headers.`,
    );
  const libraries = { tensorflow: libraryIn(folder, names.tensorflow), framework: libraryIn(folder, names.framework) };
  for (const [name, path] of Object.entries(libraries)) {
    if (path) continue;
    const file = name === 'tensorflow' ? 'libtensorflow' : 'libtensorflow_framework';
    problems.push(`"${join(folder, 'lib')}" has no ${file}. Both shared libraries must be there.`);
  }
  const version = versionOf(folder, Object.values(libraries).filter(Boolean));
  if (!version) {
    problems.push(
      `The version of TensorFlow in "${folder}" cannot be told, neither by a header nor by the names of its libraries.`,
    );
  } else if (isTooOld(version)) {
    problems.push(`TensorFlow ${version} is not supported: ${oldestTensorflow.join('.')} or a later 2.x is needed.`);
  }
  return { problems, version, libraries: libraries.tensorflow && libraries.framework ? libraries : null };
}

/** The longest name is the file itself, the shorter ones are mostly links to it. */
function libraryIn(folder, pattern) {
  const lib = join(folder, 'lib');
  if (!existsSync(lib)) return null;
  const name = readdirSync(lib)
    .filter((each) => pattern.test(each))
    .sort((a, b) => b.length - a.length || a.localeCompare(b))[0];
  return name === undefined ? null : join(lib, name);
}

const versionHeaders = ['tensorflow/core/public/release_version.h', 'tensorflow/core/public/version.h'];

function versionOf(folder, libraries) {
  for (const header of versionHeaders) {
    const path = join(folder, 'include', header);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    const parts = ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`TF_${part}_VERSION\\s+(\\d+)`).exec(text)?.[1]);
    if (parts.every(Boolean)) return parts.join('.');
  }
  for (const library of libraries) {
    const version = /(\d+\.\d+\.\d+)/.exec(basename(realpathSync(library)))?.[1];
    if (version) return version;
  }
  return null;
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major !== oldestTensorflow[0] || minor < oldestTensorflow[1];
}
