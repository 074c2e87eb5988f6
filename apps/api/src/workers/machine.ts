import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MachineSize } from './slots';

const enginePackages = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node'];

/** What this process may use: the limits of its container where it has one, else the machine. */
export function machineSize(): MachineSize {
  const total = totalmem();
  const limit = process.constrainedMemory();
  return { cores: availableParallelism(), memoryBytes: limit > 0 && limit < total ? limit : total };
}

/** Versions of the dashboard, Node and the packages that trainers compute with, as far as they are there. */
export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const found: Record<string, string> = { node: process.versions.node };
  const app = appVersion(dirname(fileURLToPath(import.meta.url)));
  if (app !== undefined) found['dashboard'] = app;
  for (const name of enginePackages) {
    const version = versionIn(() => require.resolve(`${name}/package.json`));
    if (version !== undefined) found[name] = version;
  }
  return found;
}

/** The version in the package.json of the project, which is above both the sources and what is built from them. */
function appVersion(folder: string): string | undefined {
  const parent = dirname(folder);
  if (parent === folder) return undefined;
  return versionIn(() => join(folder, 'package.json'), 'gan-dashboard') ?? appVersion(parent);
}

function versionIn(locate: () => string, name?: string): string | undefined {
  try {
    const content = JSON.parse(readFileSync(locate(), 'utf8')) as { name?: string; version?: string };
    return name === undefined || content.name === name ? content.version : undefined;
  } catch {
    // The package is optional: what is not installed has no version.
    return undefined;
  }
}
