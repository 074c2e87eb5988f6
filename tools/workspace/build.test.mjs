import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fingerprint, staleProjects, writeStamp } from './build.mjs';

const api = { name: 'api', inputs: ['api', 'libs', 'package-lock.json'], output: 'dist/api.js' };
const web = { name: 'web', inputs: ['web', 'package-lock.json'], output: 'dist/web.html' };

describe('staleProjects', () => {
  let folder;
  const write = (file, text) => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const stale = () => staleProjects(folder, [api, web]).map(({ name }) => name);
  const build = (project) => {
    write(project.output, 'built');
    writeStamp(folder, project, fingerprint(folder, project.inputs));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stale projects '));
    for (const file of ['api/main.ts', 'libs/a.ts', 'web/main.ts', 'package-lock.json']) write(file, file);
    build(api);
    build(web);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds nothing to do after a build', () => assert.deepEqual(stale(), []));

  it('finds both never built in a clean clone', () => {
    rmSync(join(folder, 'dist'), { recursive: true });
    assert.deepEqual(stale(), ['api', 'web']);
  });

  it('finds only the project whose source changed', () => {
    write('libs/a.ts', 'changed');
    assert.deepEqual(stale(), ['api']);
  });

  it('finds a new, a renamed and a removed source', () => {
    write('web/new.ts', '');
    assert.deepEqual(stale(), ['web']);
    rmSync(join(folder, 'web/new.ts'));
    assert.deepEqual(stale(), []);
    rmSync(join(folder, 'web/main.ts'));
    write('web/renamed.ts', 'web/main.ts');
    assert.deepEqual(stale(), ['web']);
  });

  it('finds all when the lock file changed', () => {
    write('package-lock.json', 'changed');
    assert.deepEqual(stale(), ['api', 'web']);
  });

  it('is not moved by tests, by file times, and by what a source was before', () => {
    write('api/main.spec.ts', '');
    write('api/testing/builder.ts', '');
    utimesSync(join(folder, 'api/main.ts'), 1, 1);
    write('web/main.ts', 'changed');
    write('web/main.ts', 'web/main.ts');
    assert.deepEqual(stale(), []);
  });

  it('finds an output that is gone, or that another build replaced', () => {
    rmSync(join(folder, web.output));
    write(api.output, 'built by hand');
    assert.deepEqual(stale(), ['api', 'web']);
  });
});
