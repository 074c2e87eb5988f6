import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { withLogContext } from './request-context';

/** Of a proxy or a client; anything else could forge lines of the log. */
const acceptable = /^[A-Za-z0-9._-]{1,100}$/;
const runInPath = /\/runs\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/;

/** Gives each request an id (`X-Request-Id`, taken over from the client where it has one) that its log lines carry. */
@Injectable()
export class RequestIdMiddleware implements NestMiddleware {
  use(request: Request, response: Response, next: NextFunction): void {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && acceptable.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', requestId);
    const runId = runInPath.exec(request.originalUrl.split('?')[0] ?? '')?.[1];
    withLogContext({ request_id: requestId, ...(runId === undefined ? {} : { run_id: runId }) }, next);
  }
}
