import { createHash } from 'node:crypto';
import { Injectable, UseInterceptors, applyDecorators } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { catchError, from, mergeMap, of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { actingUser } from './local-user';
import { ProblemException, conflict, unprocessable } from './problem';

interface StoredAnswer {
  fingerprint: string;
  status: number | null;
  body: unknown;
}

/**
 * Makes a POST safe to repeat: a second request with the same `Idempotency-Key` within a day gets the first one's
 * answer and changes nothing.
 */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Makes the request safe to repeat for 24 hours',
    }),
  );
}

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly dataSource: DataSource) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const key = request.header('idempotency-key');
    if (key === undefined) return next.handle();
    if (key === '' || key.length > 200) {
      throw new ProblemException(400, `Idempotency-Key must have 1 to 200 characters; it has ${key.length}.`);
    }
    const fingerprint = fingerprintOf(request);
    const stored = await this.claim(key, fingerprint);
    if (stored) return of(replay(stored, fingerprint, http.getResponse<Response>()));
    return next.handle().pipe(
      mergeMap(async (body: unknown) => {
        await this.keep(key, http.getResponse<Response>().statusCode, body);
        return body;
      }),
      // A request that failed may be tried again with the same key.
      catchError((error: unknown) => from(this.release(key)).pipe(mergeMap(() => throwError(() => error)))),
    );
  }

  /** @returns what an earlier request with the key left, or undefined when the key is now this request's. */
  private async claim(key: string, fingerprint: string): Promise<StoredAnswer | undefined> {
    await this.dataSource.query(`DELETE FROM idempotent_request WHERE created_at < now() - interval '24 hours'`);
    const inserted = await this.dataSource.query<unknown[]>(
      `INSERT INTO idempotent_request (key, owner, fingerprint, created_at) VALUES ($1, $2, $3, now())
       ON CONFLICT DO NOTHING RETURNING key`,
      [key, actingUser(), fingerprint],
    );
    if (inserted.length > 0) return undefined;
    const [stored] = await this.dataSource.query<StoredAnswer[]>(
      'SELECT fingerprint, status, body FROM idempotent_request WHERE key = $1 AND owner = $2',
      [key, actingUser()],
    );
    return stored ?? { fingerprint, status: null, body: null };
  }

  private async keep(key: string, status: number, body: unknown): Promise<void> {
    await this.dataSource.query('UPDATE idempotent_request SET status = $3, body = $4 WHERE key = $1 AND owner = $2', [
      key,
      actingUser(),
      status,
      JSON.stringify(body),
    ]);
  }

  private async release(key: string): Promise<void> {
    await this.dataSource.query('DELETE FROM idempotent_request WHERE key = $1 AND owner = $2 AND status IS NULL', [
      key,
      actingUser(),
    ]);
  }
}

function fingerprintOf(request: Request): string {
  const body = JSON.stringify(request.body ?? null);
  return createHash('sha256').update(`${request.method} ${request.path}\n${body}`).digest('hex');
}

function replay(stored: StoredAnswer, fingerprint: string, response: Response): unknown {
  if (stored.fingerprint !== fingerprint) {
    throw unprocessable('Idempotency-Key was used for another request before. Take a new key for a new request.');
  }
  if (stored.status === null)
    throw conflict('A request with this Idempotency-Key is still at work. Try again shortly.');
  response.status(stored.status).setHeader('Idempotent-Replay', 'true');
  return stored.body;
}
