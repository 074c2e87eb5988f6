import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { root } from '../workspace/root.mjs';
import { inspect } from './inspect.mjs';

describe('what the build of tfjs-node needs', () => {
  let base;
  let given;
  const put = (path, text = '') => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  const release = (minor) =>
    `#define TF_MAJOR_VERSION 2\n#define TF_MINOR_VERSION ${minor}\n#define TF_PATCH_VERSION 1\n`;
  before(() => {
    base = mkdtempSync(join(tmpdir(), 'tfjs-node-'));
  });
  after(() => rmSync(base, { recursive: true, force: true }));
  beforeEach(() => {
    rmSync(base, { recursive: true, force: true });
    put('package/binding.gyp');
    put('gyp.js');
    put('node/include/node/node_api.h');
    put('tf/include/tensorflow/c/c_api.h');
    put('tf/include/tensorflow/c/eager/c_api.h');
    put('tf/lib/libtensorflow.so.2.9.1');
    put('tf/lib/libtensorflow_framework.so.2.9.1');
    const at = (path) => join(base, path);
    const folders = { tensorflow: at('tf'), nodeDir: at('node'), packageDir: at('package'), nodeGyp: at('gyp.js') };
    given = { ...folders, platform: 'linux', hasProgram: () => true };
  });

  it('is there: the version is told by the name of the library, or by its header', () => {
    const found = inspect(given);
    assert.deepEqual(found.problems, []);
    assert.equal(found.version, '2.9.1');
    assert.match(found.libraries.framework, /libtensorflow_framework\.so\.2\.9\.1$/);
    put('tf/include/tensorflow/core/public/version.h', release(16));
    assert.equal(inspect(given).version, '2.16.1');
  });

  it('is named, each thing with its way out, where it is missing', () => {
    for (const path of ['package/binding.gyp', 'gyp.js', 'node/include', 'tf/lib', 'tf/include/tensorflow/c/eager']) {
      rmSync(join(base, path), { recursive: true });
    }
    const { problems, libraries } = inspect({ ...given, hasProgram: (name) => name !== 'c++' });
    assert.equal(libraries, null);
    const told = [/--ignore-scripts/, /"c\+\+" is missing/, /--node-gyp FILE/, /--node-dir DIR/, /eager\/c_api\.h/];
    for (const expected of [...told, /no libtensorflow\. /, /no libtensorflow_framework\. /, /cannot be told/]) {
      assert.ok(
        problems.some((problem) => expected.test(problem)),
        String(expected),
      );
    }
  });

  it('must be recent enough, and of a system that it can be built on', () => {
    put('tf/include/tensorflow/core/public/version.h', release(4));
    assert.match(inspect(given).problems.join(), /TensorFlow 2\.4\.1 is not supported: 2\.9 or a later 2\.x/);
    assert.match(inspect({ ...given, platform: 'win32' }).problems.join(), /not on win32/);
    assert.match(inspect({ ...given, tensorflow: join(base, 'none') }).problems.join(), /which does not exist/);
  });

  it('is looked at by the command, which changes nothing then', () => {
    const command = (...args) => {
      const file = join(root, 'tools/build-tfjs-node.mjs');
      return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
    };
    const dirs = ['--tensorflow', given.tensorflow, '--node-dir', given.nodeDir, '--package', given.packageDir];
    const missing = command(...dirs, '--node-gyp', join(base, 'none.js'), '--check');
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /node-gyp is missing/);
    assert.equal(command().status, 2);
    assert.match(command('--tensorflwo', 'x').stderr, /Usage: node tools\/build-tfjs-node\.mjs/);
  });
});
