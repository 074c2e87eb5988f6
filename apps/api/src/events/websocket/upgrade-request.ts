import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '@gan-dashboard/shared-types';
import { titleOf } from '../../platform/http/problem';

/** Is it for us? Below `basePath` too: some proxies strip the prefix, others keep it. */
export function isSocketUpgrade(request: Pick<IncomingMessage, 'url' | 'headers'>, basePath: string): boolean {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
  const path = (request.url ?? '').split('?')[0];
  return path === '/ws' || path === `${basePath}/ws`;
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
