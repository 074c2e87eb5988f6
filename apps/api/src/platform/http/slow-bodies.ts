import type { NextFunction, Request, Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { titleOf } from './problem';

export interface BodyLimits {
  /** A JSON body is read whole before anything is done: it has to be there by then, in ms. */
  readonly jsonMs: number;
  /** Files and JSON lines may take long, but not without a byte for so long, in ms. */
  readonly silenceMs: number;
}

export const defaultBodyLimits: BodyLimits = { jsonMs: 30_000, silenceMs: 120_000 };

/** Cuts off clients that send the body of a request so slowly that they only hold the connection. */
export function limitSlowBodies(app: NestExpressApplication, limits: BodyLimits = defaultBodyLimits): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (hasBody(request)) watch(request, response, limits);
    next();
  });
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function watch(request: Request, response: Response, { jsonMs, silenceMs }: BodyLimits): void {
  const isStreamed = request.is(['multipart/form-data', 'application/x-ndjson', 'application/ndjson']) !== false;
  const waitMs = isStreamed ? silenceMs : jsonMs;
  let received = request.socket.bytesRead;
  const look = () => {
    const hasCome = request.socket.bytesRead > received;
    received = request.socket.bytesRead;
    // A server that does not read is no fault of the client.
    if (isStreamed && (hasCome || request.isPaused())) return;
    clearInterval(timer);
    refuse(request, response, isStreamed ? 'without a byte' : 'incomplete', waitMs);
  };
  const timer = setInterval(look, waitMs).unref();
  const stop = () => clearInterval(timer);
  request.once('end', stop).once('close', stop);
}

function refuse(request: Request, response: Response, what: string, waitMs: number): void {
  const detail = `The body of the request was ${what} for ${waitMs / 1_000} s. Send it again, faster.`;
  const problem = { type: 'about:blank', title: titleOf(408), status: 408, detail, instance: request.path };
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  response.status(408).setHeader('Connection', 'close').type('application/problem+json').send(JSON.stringify(problem));
  response.once('finish', () => request.socket.destroy());
}
