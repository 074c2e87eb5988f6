import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, localAuth, signedIn } from '../identity/testing/identity-client';
import { addMember, fillProject, newProject } from '../projects/testing/two-projects';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

describe('the download gate and checkpoints', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth() });
  }, 60_000);
  afterAll(() => server.close());

  it('leaves the model to administrators once a gate is set, and notes who took it', { timeout: 60_000 }, async () => {
    const before = new Browser(server.url);
    await before.signIn('admin');
    const { id: red } = await newProject(before, 'Red');
    await signedIn(before, 'ann', 'trainer');
    await addMember(before, red, 'ann', 'trainer');
    const { checkpoint, run } = await fillProject(server, red, 'red');
    const path = `/api/v1/checkpoints/${checkpoint}/file`;
    const statusFor = async (name: string) => {
      const browser = new Browser(server.url);
      expect((await browser.signIn(name)).status).toBe(201);
      return (await browser.request(path)).status;
    };
    // The row has no file: what is answered then is not what the gate says.
    const withoutGate = await statusFor('ann');
    expect(withoutGate).not.toBe(403);

    await server.stop();
    server = await server.restart({ sampleGate: { maxExactShare: 0.01, minDcrShare: undefined } });
    expect(await statusFor('ann')).toBe(403);
    expect(await statusFor('admin')).toBe(withoutGate);
    const administrator = new Browser(server.url);
    await administrator.signIn('admin');
    const audit = await (await administrator.request(`/api/v1/audit?run_id=${run}`)).text();
    expect(audit).toContain('checkpoint.download');
    await addMember(administrator, red, 'ann', 'administrator');
    expect(await statusFor('ann')).toBe(withoutGate);
  });
});
