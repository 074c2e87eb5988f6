import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfig } from './app-config';

function mistakesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      port: 8081,
      host: '127.0.0.1',
      basePath: '',
      databaseUrl: undefined,
      role: 'all',
      maxConcurrentRuns: undefined,
    });
  });

  it('counts an empty variable as absent', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 8081, databaseUrl: undefined });
  });

  it('says every mistake at once, with name, value and what is allowed', () => {
    const mistakes = mistakesOf({ PORT: '70000', LOG_LEVEL: 'loud', MAX_CONCURRENT_RUNS: '0', BASE_PATH: 'tools' });
    expect(mistakes).toHaveLength(4);
    expect(mistakes.join('\n')).toMatch(/PORT="70000"[\s\S]*BASE_PATH="tools": must look like[\s\S]*LOG_LEVEL="loud"/);
  });

  it('never repeats a database address, which may hold a password', () => {
    const [mistake] = mistakesOf({ DATABASE_URL: 'mysql://root:secret@host/db' });
    expect(mistake).toContain('DATABASE_URL=(hidden)');
    expect(mistake).not.toContain('secret');
  });

  it('takes a database address from a file, and says where that cannot be read', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'gan-dashboard-secret-')), 'url');
    writeFileSync(file, 'postgres://me:secret@host/db\n');
    expect(readConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://me:secret@host/db');
    const [mistake] = mistakesOf({ DATABASE_URL_FILE: '/does/not/exist' });
    expect(mistake).toBe('DATABASE_URL_FILE="/does/not/exist": cannot be read: ENOENT');
  });

  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('listens on %s', (HOST) => {
    expect(readConfig({ HOST }).host).toBe(HOST);
  });

  it('refuses to be reached from outside without sign-on, unless told so in words', () => {
    expect(mistakesOf({ HOST: '0.0.0.0' }).join()).toContain(
      'ALLOW_NETWORK_WITHOUT_AUTH=yes-everyone-may-use-this-server',
    );
    const allowed = { HOST: '0.0.0.0', ALLOW_NETWORK_WITHOUT_AUTH: 'yes-everyone-may-use-this-server' };
    expect(readConfig(allowed).host).toBe('0.0.0.0');
  });

  it.each([
    ['/tools/gan', '/tools/gan'],
    ['/tools/gan/', '/tools/gan'],
    ['/', ''],
  ])('takes %s as the base path %j', (BASE_PATH, expected) => {
    expect(readConfig({ BASE_PATH }).basePath).toBe(expected);
  });
});
