import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { notificationCreatedSchema } from '@gan-dashboard/shared-types';
import { Browser, localAuth, signedIn } from '../identity/testing/identity-client';
import { addMember, newExternalRun, newProject } from '../projects/testing/two-projects';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

describe('notifications of a project', () => {
  let server: TestApp;
  let hook: Server;
  let hookUrl: string;
  const called: string[] = [];

  beforeAll(async () => {
    hook = createServer((request, response) => {
      called.push(request.url ?? '');
      request.resume();
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    const notifications = { smtpUrl: undefined, smtpFrom: 'gan@example.com', allowedPrivateHosts: ['127.0.0.1'] };
    server = await startTestApp({ auth: localAuth(), notifications });
    hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    await server.close();
    hook.close();
  });

  const follow = (who: Browser, path: string, project: string) => {
    const body = { kind: 'webhook', address: `${hookUrl}${path}`, events: ['completed'], project_id: project };
    return who.send('POST', '/api/v1/notifications', body);
  };

  it('tell members of the runs of others, and nobody else', { timeout: 60_000 }, async () => {
    const administrator = new Browser(server.url);
    expect((await administrator.signIn('admin')).status).toBe(201);
    const ann = await signedIn(administrator, 'ann', 'viewer');
    const bob = await signedIn(administrator, 'bob', 'trainer');
    const { id: red } = await newProject(administrator, 'Red');
    await addMember(administrator, red, 'ann', 'viewer');
    expect((await follow(bob, '/bob', red)).status).toBe(404);
    const created = notificationCreatedSchema.parse(await (await follow(ann, '/ann', red)).json());
    expect(created.project_id).toBe(red);
    // The same address once more: it is told once.
    expect((await follow(ann, '/ann', red)).status).toBe(201);
    expect((await follow(administrator, '/administrator', red)).status).toBe(201);

    const data = { status: 'completed', message: 'over', return_code: 0, duration_seconds: 1 };
    const complete = async (project_id?: string) => {
      const { id } = await newExternalRun(administrator, project_id === undefined ? {} : { project_id });
      const event = { type: 'training_complete', data };
      expect((await administrator.send('POST', `/api/v1/runs/${id}/events`, [event])).ok).toBe(true);
    };
    // Of another project: nobody follows it.
    await complete();
    await complete(red);
    const patience = { timeout: 30_000 };
    await vi.waitFor(() => expect([...called].sort()).toEqual(['/administrator', '/ann']), patience);

    const { members } = (await (await administrator.request(`/api/v1/projects/${red}`)).json()) as {
      members: { name: string; user_id: string }[];
    };
    const annId = members.find(({ name }) => name === 'ann')?.user_id;
    expect((await administrator.send('DELETE', `/api/v1/projects/${red}/members/${annId}`)).status).toBe(204);
    await complete(red);
    await vi.waitFor(() => expect(called.filter((path) => path === '/administrator')).toHaveLength(2), patience);
    expect(called.filter((path) => path === '/ann')).toHaveLength(1);
  });
});
