import { describe, expect, it } from 'vitest';
import { EmbeddedPostgresError, explained, serverFailure } from './embedded-postgres-error';

const systemError = (code: string) =>
  Object.assign(new Error(code), { code, syscall: 'mkdir', path: '/data/postgres' });

describe('explained', () => {
  it.each([
    ['ENOSPC', /disk is full/],
    ['EACCES', /permission denied/],
    ['EROFS', /read-only/],
  ])('names the file, the cause and the way out of %s', (code, cause) => {
    const error = explained(systemError(code)) as EmbeddedPostgresError;
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(error.message).toMatch(cause);
    expect(error.message).toMatch(/mkdir \/data\/postgres.*DATABASE_URL/);
  });

  it('leaves a programming error alone', () => {
    const error = new TypeError('x is not a function');
    expect(explained(error)).toBe(error);
  });
});

describe('serverFailure', () => {
  it.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', /free some space/],
    ['FATAL:  could not extend file\nHINT:  Check free disk space.', /free some space/],
    ['initdb: error: could not look up effective user ID 12345: user does not exist', /named user/],
    ['postgres: error while loading shared libraries: libicuuc.so.60', /glibc/],
    ['FATAL:  something new', /See its message/],
  ])('advises on: %s', (words, advice) => {
    const { message } = serverFailure('It failed', words);
    expect(message).toMatch(advice);
    expect(message).toContain('DATABASE_URL');
    expect(message).toContain(words);
  });
});
