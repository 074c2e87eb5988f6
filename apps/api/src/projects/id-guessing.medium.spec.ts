import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routePolicies } from '../identity/access/access-policy';
import { kindOfPath } from '../identity/access/named-resources';
import type { ResourceKind } from '../identity/access/resource-projects';
import { Browser, localAuth, signedIn } from '../identity/testing/identity-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { addMember, fillProject, newProject } from './testing/two-projects';

const word = 'confidential';
const userId = randomUUID();
/** Of the account, and not of a project: the role alone decides, before the id is looked at. */
const ofAccount = new Set(['POST /api/v1/samples/:id/gate-override']);
/** Ids of what belongs to a user or to the server, which has its own tests. */
const ofNoProject = /^\/api\/v1\/(sessions|tokens|users|workers|notifications|runs\/views)\/:id/;

describe('what lies in another project', () => {
  let server: TestApp;
  let hidden: Record<ResourceKind, string>;
  /** Administrator of a project of their own, and by account a viewer. */
  let stranger: Browser;
  let viewer: Browser;
  let own: string;

  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth() });
    const administrator = new Browser(server.url);
    expect((await administrator.signIn('admin')).status).toBe(201);
    stranger = await signedIn(administrator, 'stranger', 'viewer');
    viewer = await signedIn(administrator, 'onlooker', 'viewer');
    own = (await newProject(administrator, 'own')).id;
    await addMember(administrator, own, 'stranger', 'administrator');
    const other = await newProject(administrator, 'other');
    await addMember(administrator, other.id, 'onlooker', 'viewer');
    hidden = await fillProject(server, other.id, word);
  }, 60_000);
  afterAll(() => server.close());

  const routesOfProjects = () => Object.keys(routePolicies).filter((route) => kindOfPath(route.split(' ')[1] ?? ''));

  async function answer(by: Browser, route: string, id: string): Promise<{ status: number; text: string }> {
    const [method = '', path = ''] = route.split(' ');
    const response = await by.request(path.replace(':id', id).replace(':user_id', userId), { method });
    return { status: response.status, text: (await response.text()).replaceAll(id, '<id>') };
  }

  it('is named by routes of which each is known to belong to a project, or to none', () => {
    const withId = Object.keys(routePolicies).filter((route) => route.includes('/:'));
    const unknown = withId.filter((route) => {
      const path = route.split(' ')[1] ?? '';
      return kindOfPath(path) === undefined && !ofNoProject.test(path);
    });
    // Add its path to named-resources.ts, or here, if it is in no project.
    expect(unknown).toEqual([]);
    expect(routesOfProjects().length).toBeGreaterThan(40);
  });

  it('is answered as what does not exist, by every route that takes its id', { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    for (const route of routesOfProjects()) {
      const kind = kindOfPath(route.split(' ')[1] ?? '') ?? 'run';
      const real = await answer(stranger, route, hidden[kind]);
      const guessed = await answer(stranger, route, randomUUID());
      if (real.status !== (ofAccount.has(route) ? 403 : 404)) wrong.push(`${route}: ${real.status}`);
      if (real.text !== guessed.text) wrong.push(`${route}: ${real.text} is not ${guessed.text}`);
      if (real.text.includes(word)) wrong.push(`${route} tells: ${real.text}`);
    }
    expect(wrong).toEqual([]);
  });

  it('may be seen by its viewers, who may change nothing', { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    for (const route of routesOfProjects()) {
      const kind = kindOfPath(route.split(' ')[1] ?? '') ?? 'run';
      const { status, text } = await answer(viewer, route, hidden[kind]);
      const isOpen = routePolicies[route]?.access === 'viewer';
      const isRefused = status === 403 || text.includes(`There is no ${kind}`);
      if (isOpen === isRefused) wrong.push(`${route}: ${status} ${text}`);
    }
    expect(wrong).toEqual([]);
  });

  it('cannot be named in a body or a query either', async () => {
    const model = 'wgan-gp';
    const requests = (ids: Record<ResourceKind, string>): [string, string, unknown?][] => [
      ['POST', '/api/v1/runs', { dataset_id: ids.dataset, model }],
      ['POST', '/api/v1/runs', { dataset_id: ids.dataset, model, project_id: own }],
      ['POST', '/api/v1/runs', { origin: 'external', dataset_id: ids.dataset }],
      ['POST', '/api/v1/runs', { origin: 'external', project_id: ids.project }],
      ['POST', '/api/v1/runs/preflight', { dataset_id: ids.dataset, model }],
      ['POST', '/api/v1/reports', { run_id: ids.run }],
      ['POST', '/api/v1/reports', { real_dataset_id: ids.dataset, synthetic_dataset_id: ids.dataset }],
      ['POST', '/api/v1/datasets/generate', { kind: 'yield_curve', project_id: ids.project }],
      ['POST', `/api/v1/datasets?project_id=${ids.project}`],
      ['GET', `/api/v1/runs?project=${ids.project}`],
      ['GET', `/api/v1/datasets?project=${ids.project}`],
      ['GET', `/api/v1/reports?run_id=${ids.run}`],
      ['GET', `/events?run=${ids.run}`],
      ['GET', `/events/logs?run=${ids.run}&last_event_id=0`],
    ];
    const unknown = { ...hidden };
    for (const kind of Object.keys(hidden) as ResourceKind[]) unknown[kind] = randomUUID();
    const guesses = requests(unknown);
    for (const [index, [method, path, body]] of requests(hidden).entries()) {
      const response = await stranger.send(method, path, body);
      expect([path, response.status]).toEqual([path, 404]);
      const [, , other] = guesses[index] ?? ['', ''];
      const text = (await response.text()).replaceAll(/[0-9a-f-]{36}/g, '<id>');
      const guessed = await stranger.send(method, guesses[index]?.[1] ?? '', other);
      expect(text).toBe((await guessed.text()).replaceAll(/[0-9a-f-]{36}/g, '<id>'));
    }
  });

  it('is in no list, count, group or file', async () => {
    const paths = [
      ...['datasets', 'runs?count=true', 'samples', 'checkpoints', 'reports', 'runs/fields', 'runs/export'],
      ...[`runs/groups?by=model`, `runs/metrics?ids=${hidden.run}`, `runs?query=tag:${word}`, 'projects', 'workers'],
      `datasets?search=${word}`,
    ];
    for (const path of paths) {
      const response = await stranger.request(`/api/v1/${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      const text = await response.text();
      for (const told of [word, ...Object.values(hidden)])
        expect([path, text]).not.toEqual([path, expect.stringContaining(told)]);
    }
    expect(await (await viewer.request('/api/v1/runs')).text()).toContain(word);
    const bulk = { ids: [hidden.run], action: 'tag', tags: ['mine'] };
    for (const [who, reason] of [
      [stranger, 'There is no such run'],
      [viewer, 'role trainer'],
    ] as const) {
      expect(await (await who.send('POST', '/api/v1/runs/bulk', bulk)).text()).toContain(reason);
    }
  });
});
