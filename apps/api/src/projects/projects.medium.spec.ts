import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { datasetSchema, defaultProjectId, projectDetailSchema, projectListSchema } from '@gan-dashboard/shared-types';
import type { Project } from '@gan-dashboard/shared-types';
import { ProjectAccess } from '../identity/access/project-access';
import { Browser, localAuth, signedIn } from '../identity/testing/identity-client';
import { SocketReader } from '../testing/socket-reader';
import { SseReader } from '../testing/sse-reader';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { addMember, fillProject, newExternalRun, newProject, report } from './testing/two-projects';

const patience = { timeout: 15_000, interval: 50 };

describe('projects', () => {
  let server: TestApp;
  let administrator: Browser;
  let ann: Browser;
  let bob: Browser;
  let red: string;
  let blue: string;

  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth() });
    administrator = new Browser(server.url);
    expect((await administrator.signIn('admin')).status).toBe(201);
    // By account a viewer: what she may do in a project is said there.
    ann = await signedIn(administrator, 'ann', 'viewer');
    bob = await signedIn(administrator, 'bob', 'trainer');
    red = (await newProject(administrator, 'Red')).id;
    blue = (await newProject(administrator, 'Blue')).id;
    await addMember(administrator, red, 'ann', 'trainer');
    await addMember(administrator, blue, 'bob', 'trainer');
  }, 60_000);
  afterAll(() => server.close());

  async function projectsOf(who: Browser): Promise<Project[]> {
    return projectListSchema.parse(await (await who.request('/api/v1/projects')).json()).items;
  }
  const ended = (stream: SseReader) => vi.waitFor(() => expect(stream.isEnded).toBe(true), patience);
  const opened = async (path: string, who: Browser) => {
    const stream = await SseReader.open(`${server.url}${path}`, { cookie: who.cookie });
    expect(stream.response.status).toBe(200);
    await stream.until(({ messages }) => messages.length > 0);
    return stream;
  };
  const runsOf = (stream: SseReader) =>
    new Set(stream.messages.flatMap((message) => ('run_id' in message && message.run_id ? message.run_id : [])));

  it('are seen by those who take part, each with their role there', async () => {
    expect((await projectsOf(administrator)).map(({ name }) => name)).toEqual(['Default', 'Blue', 'Red']);
    expect((await projectsOf(ann)).map(({ name, role, is_default }) => [name, role, is_default])).toEqual([
      ['Default', 'viewer', true],
      ['Red', 'trainer', false],
    ]);
  });

  it('let a member do what the role in the project says, whatever that of the account is', async () => {
    const run = await newExternalRun(ann, { project_id: red });
    expect(run.project_id).toBe(red);
    expect((await ann.send('POST', '/api/v1/runs', { origin: 'external' })).status).toBe(403);
    expect((await bob.request(`/api/v1/runs/${run.id}`)).status).toBe(404);
    // Without a project it is the default one, in which the role of the account holds.
    expect((await newExternalRun(bob, {})).project_id).toBe(defaultProjectId);
  });

  it('hold a token to its scopes', async () => {
    const { token } = await ann.newToken(['read']);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ origin: 'external', project_id: red });
    expect((await fetch(`${server.url}/api/v1/runs`, { method: 'POST', headers, body })).status).toBe(403);
    expect((await fetch(`${server.url}/api/v1/projects/${red}`, { headers })).status).toBe(200);
  });

  it('take in data sets that are made in them', async () => {
    const generated = await bob.send('POST', '/api/v1/datasets/generate', {
      kind: 'yield_curve',
      rows: 20,
      project_id: blue,
    });
    expect(datasetSchema.parse(await generated.json()).project_id).toBe(blue);
    const form = new FormData();
    form.set('file', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'a.csv');
    const uploaded = await fetch(`${server.url}/api/v1/datasets?project_id=${blue}`, {
      method: 'POST',
      headers: { cookie: bob.cookie, origin: server.url },
      body: form,
    });
    expect(datasetSchema.parse(await uploaded.json()).project_id).toBe(blue);
  });

  it('carry events to their own people alone, over SSE and WebSocket, live and again', async () => {
    const inRed = await newExternalRun(ann, { project_id: red });
    const inBlue = await newExternalRun(bob, { project_id: blue });
    const live = await opened('/events/training', ann);
    const socket = await SocketReader.open(`${server.url}/ws`, {
      headers: { cookie: ann.cookie },
      origin: server.url,
    });
    socket.send({ subscribe: ['training'] });
    await socket.until(({ messages }) => messages.some(({ type }) => type === 'ack'));
    await report(bob, inBlue.id, 1);
    await report(ann, inRed.id, 1);
    await live.until(({ seqs }) => seqs.length > 0);
    await socket.until((reader) => reader.seqsOf(inRed.id).length > 0);
    expect(runsOf(live)).not.toContain(inBlue.id);
    expect(socket.seqsOf(inBlue.id)).toEqual([]);
    const again = await opened('/events/training?last_event_id=0', ann);
    await again.until((stream) => runsOf(stream).has(inRed.id));
    expect(runsOf(again)).not.toContain(inBlue.id);
    for (const request of [
      { subscribe: ['training'], run: inBlue.id },
      { control: 'stop', run: inBlue.id },
    ]) {
      const before = socket.answers().length;
      socket.send(request);
      await socket.until((reader) => reader.answers().length > before);
      expect(socket.answers().at(-1)).toMatchObject({ type: 'error', data: { status: 404 } });
    }
    live.close();
    again.close();
    socket.socket.terminate();
  });

  it('end the open streams of somebody who joins or leaves, and no others', async () => {
    const run = await newExternalRun(bob, { project_id: blue });
    const other = await opened('/events/training', bob);
    const before = await opened('/events/training', ann);
    await addMember(administrator, blue, 'ann', 'viewer');
    await ended(before);
    const joined = await opened(`/events/training?run=${run.id}`, ann);
    await report(bob, run.id, 1);
    await joined.until(({ seqs }) => seqs.length > 0);
    const { members } = await memberList(blue);
    const id = members.find(({ name }) => name === 'ann')?.user_id ?? '';
    expect((await administrator.send('DELETE', `/api/v1/projects/${blue}/members/${id}`)).status).toBe(204);
    await ended(joined);
    expect((await fetch(`${server.url}/events?run=${run.id}`, { headers: { cookie: ann.cookie } })).status).toBe(404);
    expect(other.isEnded).toBe(false);
    other.close();
  });

  const memberList = async (id: string) =>
    projectDetailSchema.parse(await (await administrator.request(`/api/v1/projects/${id}`)).json());

  it('take along a run that is moved, its streams end, and only who may change both may move it', async () => {
    const run = await newExternalRun(bob, { project_id: blue });
    const stream = await opened(`/events/training?run=${run.id}`, bob);
    expect((await bob.send('PATCH', `/api/v1/runs/${run.id}`, { project_id: red })).status).toBe(404);
    expect((await administrator.send('PATCH', `/api/v1/runs/${run.id}`, { project_id: red })).status).toBe(200);
    await ended(stream);
    expect((await bob.request(`/api/v1/runs/${run.id}`)).status).toBe(404);
    await report(ann, run.id, 1);
    const entries = await (await administrator.request(`/api/v1/audit?run_id=${run.id}`)).text();
    expect(entries).toContain('run.move');
  });

  it('are administered by their own administrators', async () => {
    const members = `/api/v1/projects/${red}/members`;
    expect((await ann.send('PUT', members, { name: 'bob', role: 'viewer' })).status).toBe(403);
    await addMember(administrator, red, 'ann', 'administrator');
    expect((await addMember(ann, red, 'BOB', 'viewer')).members).toHaveLength(2);
    expect((await ann.send('PUT', members, { name: 'nobody at all', role: 'viewer' })).status).toBe(422);
    expect((await ann.send('POST', '/api/v1/projects', { name: 'Mine' })).status).toBe(403);
    expect((await projectsOf(bob)).map(({ name }) => name)).toEqual(['Default', 'Blue', 'Red']);
  });

  it('are what notifications keep to: nobody is told of a run that they may not see', async () => {
    const access = server.app.get(ProjectAccess);
    const seen = (name: string, project: string) => access.isSeenBy(name, project);
    expect(await Promise.all([seen('ann', red), seen('ann', blue), seen('ann', defaultProjectId)])).toEqual([
      true,
      false,
      true,
    ]);
    expect(await Promise.all([seen('admin', blue), seen('somebody who has gone', red)])).toEqual([true, false]);
  });

  it('have names that tell them apart, and are deleted once they are empty', async () => {
    expect((await administrator.send('POST', '/api/v1/projects', { name: 'red' })).status).toBe(422);
    expect((await administrator.send('POST', '/api/v1/projects', { name: ' ' })).status).toBe(400);
    const full = (await newProject(administrator, 'Full')).id;
    expect((await administrator.send('PATCH', `/api/v1/projects/${full}`, { name: 'BLUE' })).status).toBe(422);
    await fillProject(server, full, 'full');
    const refused = await administrator.send('DELETE', `/api/v1/projects/${full}`);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('1 run and 1 data set')]);
    expect((await administrator.send('DELETE', `/api/v1/projects/${defaultProjectId}`)).status).toBe(409);
    const { run } = await fillProject(server, (await newProject(administrator, 'Gone')).id, 'gone');
    const gone = (await projectsOf(administrator)).find(({ name }) => name === 'Gone')?.id ?? '';
    await server.app.get(DataSource).query('UPDATE run SET deleted_at = now() WHERE id = $1', [run]);
    await server.app.get(DataSource).query('UPDATE dataset SET deleted_at = now() WHERE project_id = $1', [gone]);
    expect((await administrator.send('DELETE', `/api/v1/projects/${gone}`)).status).toBe(204);
    expect(await (await bob.request('/api/v1/runs?deleted=true')).text()).not.toContain(run);
    expect(await (await administrator.request('/api/v1/runs?deleted=true')).text()).toContain(run);
    const attic = (await projectsOf(administrator)).find(({ name }) => name === 'Deleted projects')?.id;
    expect((await administrator.send('DELETE', `/api/v1/projects/${attic}`)).status).toBe(409);
    const empty = (await newProject(administrator, 'Empty')).id;
    expect((await administrator.send('DELETE', `/api/v1/projects/${empty}`)).status).toBe(204);
    expect((await administrator.request(`/api/v1/projects/${empty}`)).status).toBe(404);
    // An administrator sees everything, and still cannot put something where there is nothing.
    const nowhere = { origin: 'external', project_id: empty };
    expect((await administrator.send('POST', '/api/v1/runs', nowhere)).status).toBe(404);
  });

  it('leave nobody but members in the default one, once it is closed', async () => {
    const path = `/api/v1/projects/${defaultProjectId}`;
    expect((await administrator.send('PATCH', path, { is_open: false })).status).toBe(200);
    expect((await bob.request(path)).status).toBe(404);
    expect((await bob.send('POST', '/api/v1/runs', { origin: 'external' })).status).toBe(403);
    expect((await bob.request('/api/training_status')).status).toBe(403);
    expect((await administrator.send('PATCH', path, { is_open: true })).status).toBe(200);
    expect((await bob.request('/api/training_status')).status).toBe(200);
  });
});
