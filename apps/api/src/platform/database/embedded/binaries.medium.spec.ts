import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { installedPackage, usableBinaries } from './binaries';
import { isRoot, serverUser } from './server-user';
import { Homes } from './testing/homes';

const homes = new Homes();
afterEach(() => homes.clean());

/** The installed package as `npm ci --ignore-scripts` leaves it: without links. */
function packageWithoutLinks(): string {
  const native = join(homes.create(), 'native');
  cpSync(installedPackage().native, native, { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(join(native, 'lib'))) {
    if (lstatSync(join(native, 'lib', name)).isSymbolicLink()) rmSync(join(native, 'lib', name));
  }
  return native;
}

const never = (message: string): never => {
  throw new Error(`unexpected: ${message}`);
};

describe('usableBinaries', { timeout: 60_000 }, () => {
  it('adds the library links that the package came without', async () => {
    const native = packageWithoutLinks();
    const use = { copyTo: join(native, 'copy'), user: undefined, log: never };
    const binaries = await usableBinaries({ native, version: '18.4.0' }, use);
    expect(binaries).toEqual({ folder: join(native, 'bin'), major: 18 });
  });

  it.skipIf(!isRoot())('copies a package that the server user cannot reach', async () => {
    const native = packageWithoutLinks();
    chmodSync(native, 0o700);
    const copyTo = join(homes.create(), 'binaries');
    const user = await serverUser(join(copyTo, 'data'));
    const log: string[] = [];
    const binaries = await usableBinaries({ native, version: '18.4.0' }, { copyTo, user, log: (it) => log.push(it) });
    expect(binaries).toEqual({ folder: join(copyTo, 'postgresql-18.4.0/bin'), major: 18 });
    expect(log).toEqual([expect.stringContaining(`copied them to ${copyTo}`)]);
    const again = await usableBinaries({ native, version: '18.4.0' }, { copyTo, user, log: never });
    expect(again).toEqual(binaries);
  });

  it('does not take a copy that was cut short for a whole one', async (context) => {
    if (!isRoot()) context.skip('needs root');
    const native = packageWithoutLinks();
    chmodSync(native, 0o700);
    const copyTo = join(homes.create(), 'binaries');
    mkdirSync(join(copyTo, 'postgresql-18.4.0.copying/bin'), { recursive: true });
    const user = await serverUser(join(copyTo, 'data'));
    const { major } = await usableBinaries({ native, version: '18.4.0' }, { copyTo, user, log: () => undefined });
    expect(major).toBe(18);
    expect(existsSync(join(copyTo, 'postgresql-18.4.0.copying'))).toBe(false);
  });
});
