import type { DashboardServer } from './dashboard-server';

/** Makes the administrator `admin` of a new server with `AUTH=local`; the headers with which requests are theirs. */
export async function cookieOfFirstAdministrator(
  server: DashboardServer,
  password: string,
): Promise<{ cookie: string; origin: string }> {
  const { origin } = new URL(server.url);
  const answer = await fetch(new URL('api/v1/session/setup', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ token: server.setupToken, name: 'admin', password }),
  });
  const [line = ''] = answer.headers.getSetCookie();
  if (!answer.ok || line === '') throw new Error(`setup: ${answer.status} ${await answer.text()}`);
  return { cookie: line.split(';')[0] ?? '', origin };
}
