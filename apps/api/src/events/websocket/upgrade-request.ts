import { STATUS_CODES } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@gan-dashboard/shared-types';
import { titleOf } from '../../platform/http/problem';

/** Is it for us? Below `basePath` too: some proxies strip the prefix, others keep it. */
export function isSocketUpgrade(request: Pick<IncomingMessage, 'url' | 'headers'>, basePath: string): boolean {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
  const path = (request.url ?? '').split('?')[0];
  return path === '/ws' || path === `${basePath}/ws`;
}

/**
 * A browser lets any page open a WebSocket and sends this server's cookies along, but it names the page's origin:
 * that has to be our own. Programs that are not browsers send no origin.
 */
export function isAllowedOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  const forwarded = headers['x-forwarded-host'];
  const ours = [host, ...(typeof forwarded === 'string' ? forwarded.split(',') : [])].map((name) => name?.trim());
  try {
    return ours.includes(new URL(origin).host);
  } catch {
    return false;
  }
}

/** Answers a request to upgrade with a problem instead, and closes its connection. */
export function refuseUpgrade(socket: Duplex, status: number, detail: string): void {
  const problem: Problem = { type: 'about:blank', title: titleOf(status), status, detail };
  const body = JSON.stringify(problem);
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
