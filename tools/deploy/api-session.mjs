import { setTimeout as delay } from 'node:timers/promises';

/** Somebody who is signed on by a token, as programs are; asks any replica. */
export class ApiSession {
  constructor(url, token) {
    this.url = url;
    this.headers = { authorization: `Bearer ${token}` };
  }

  /** @throws Error naming the route, the status and what the server says */
  async ask(path, { method = 'GET', body } = {}) {
    const isForm = body instanceof globalThis.FormData;
    const json = body !== undefined && !isForm ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...this.headers, ...json },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return isJson ? answer.json() : answer.text();
  }

  post(path, body = {}) {
    return this.ask(path, { method: 'POST', body });
  }

  /** Asks until the answer is as wanted. @throws Error with the last answer when it is not within a minute */
  async until(path, isWanted) {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const answer = await this.ask(path);
      if (isWanted(answer)) return answer;
      if (performance.now() > deadline) throw new Error(`${path} stays ${JSON.stringify(answer)}`);
      await delay(50);
    }
  }
}

/** Signs in with a password, as a page does. @returns the headers that a page sends from then on */
export async function signIn(url, { name, password }) {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  if (!answer.ok) throw new Error(`${name} cannot sign in: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  return { cookie: cookie.join('; '), origin: url };
}

/** Signs in and makes a token. */
export async function openSession(url, account, scopes = ['read', 'train']) {
  const headers = { ...(await signIn(url, account)), 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'a program', scopes });
  const answer = await fetch(`${url}/api/v1/tokens`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return new ApiSession(url, (await answer.json()).token);
}
