/**
 * `npm run test:topology`: the journey of a table through the processes of docker/compose.yaml, while some of them are
 * killed and others drained. Needs a build and nginx; says what is missing.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureNginx } from '../ensure-nginx.mjs';
import { openSession } from './api-session.mjs';
import { Follower } from './follower.mjs';
import { startTopology } from './topology.mjs';

/** What docs/operations.md promises of a drain. */
const drainSeconds = 30;
const nginx = await ensureNginx();
const skip = 'reason' in nginx ? nginx.reason : false;
const rows = Array.from(
  { length: 300 },
  (_, index) => `${Math.sin(index).toFixed(4)},${index % 7},${'abc'[index % 3]}`,
);
const table = `wave,week,letter\n${rows.join('\n')}\n`;
/** Without an end of its own: it is stopped when all has happened to it. */
const config = {
  ...{ epochs: 100_000, batch_size: 100, steps_per_epoch: 4, generator_layers: [16], critic_layers: [16] },
  quality_every: 0,
};

describe('the topology of compose.yaml', { skip, timeout: 300_000 }, () => {
  let topology;
  let session;
  let runId;
  const followers = [];

  /** From the first event of the run on. */
  function follow(url) {
    const { headers } = session;
    const follower = new Follower({ url: `${url}/events?run=${runId}`, headers, cursor: '0' });
    followers.push(follower);
    return follower;
  }

  /** The process that trains. */
  async function workerAtWork() {
    const { items } = await session.until('/workers', ({ items }) =>
      items.some(({ run_ids: ids }) => ids.includes(runId)),
    );
    const { process_id: pid } = items.find(({ run_ids: ids }) => ids.includes(runId));
    return Object.values(topology.processes).find(({ child }) => child.pid === pid);
  }

  const further = (follower, count) => {
    const from = follower.last;
    return follower.until(({ last }) => last >= from + count);
  };

  before(async () => {
    topology = await startTopology({ nginx: nginx.path });
    session = await openSession(topology.url, topology.administrator);
  });
  after(async () => {
    for (const follower of followers) follower.close();
    await topology?.stop();
  });

  it('takes a table through nginx, and trains on it in a worker while another process streams', async () => {
    const form = new globalThis.FormData();
    form.set('file', new globalThis.Blob([table], { type: 'text/csv' }), 'wave.csv');
    const { id } = await session.ask('/datasets', { method: 'POST', body: form });
    await session.until(`/datasets/${id}`, ({ status }) => status === 'ready');
    ({ id: runId } = await session.post('/runs', { dataset_id: id, model: 'wgan-gp', config }));
    await follow(topology.processes['web-1'].url).until(({ last }) => last > 20);
    assert.match((await workerAtWork()).name, /^worker-/);
  });

  it('goes on through nginx when a web process is killed', async () => {
    const through = Array.from({ length: 4 }, () => follow(topology.url));
    await Promise.all(through.map((follower) => follower.until(({ last }) => last > 20)));
    await topology.processes['web-1'].end('SIGKILL');
    await Promise.all(through.map((follower) => further(follower, 20)));
    // nginx had given half of them to the one that was killed.
    assert.ok(through.some(({ connections }) => connections > 1));
    assert.deepEqual(
      through.flatMap(({ faults }) => faults),
      [],
    );
    await topology.processes['web-1'].start();
  });

  it('hands a run over when its worker is drained', async () => {
    const follower = follow(topology.url);
    const worker = await workerAtWork();
    const { code, seconds } = await worker.end('SIGTERM');
    assert.equal(code, 0);
    assert.ok(seconds < drainSeconds, `${seconds} s`);
    const ended = follower.last;
    await session.until(`/runs/${runId}`, ({ status, last_seq: last }) => status === 'running' && last > ended);
    await further(follower, 20);
    assert.notEqual((await workerAtWork()).name, worker.name);
    assert.deepEqual(follower.faults, []);
    await worker.start();
  });

  it('hands streams over when a web process is drained', async () => {
    const follower = follow(topology.processes['web-2'].url);
    const through = Array.from({ length: 4 }, () => follow(topology.url));
    await Promise.all([follower, ...through].map((each) => each.until(({ last }) => last > 20)));
    const { code, seconds } = await topology.processes['web-2'].end('SIGTERM');
    assert.equal(code, 0);
    assert.ok(seconds < drainSeconds, `${seconds} s`);
    await Promise.all(through.map((each) => further(each, 20)));
    await topology.processes['web-2'].start();
    // A client of that process alone gets what it missed as soon as there is one again.
    await further(follower, 20);
    assert.deepEqual(
      [follower, ...through].flatMap(({ faults }) => faults),
      [],
    );
  });

  it('gives the rows away that were drawn from the run', async () => {
    await session.post(`/runs/${runId}/stop`);
    await session.until(`/runs/${runId}`, ({ status }) => status === 'stopped');
    const { id } = await session.post(`/runs/${runId}/samples`, { rows: 300 });
    await session.until(`/samples/${id}`, ({ status }) => status === 'ready');
    const lines = (await session.ask(`/samples/${id}/file`)).trim().split('\n');
    assert.equal(lines[0].trim(), 'wave,week,letter');
    assert.equal(lines.length, 301);
    const { last_seq: last } = await session.ask(`/runs/${runId}`);
    await Promise.all(followers.slice(1).map((each) => each.until((it) => it.last === last)));
    assert.deepEqual(
      followers.flatMap(({ faults }) => faults),
      [],
    );
  });
});
