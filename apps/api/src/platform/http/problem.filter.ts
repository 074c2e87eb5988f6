import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Problem } from '@gan-dashboard/shared-types';
import { titleOf } from './problem';

/** Turns whatever a request handler threw into `application/problem+json`, without a stack or a path of ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  /** @param translate the body for clients of another wire, by path; undefined: problem details */
  constructor(private readonly translate: (path: string, problem: Problem) => object | undefined = () => undefined) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = { ...toProblem(exception), instance: request.originalUrl.split('?')[0] ?? '' };
    if (problem.status >= 500) this.logger.error(exception instanceof Error ? exception.stack : String(exception));
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const translated = this.translate(request.path, problem);
    if (translated) {
      response.status(problem.status).json(translated);
      return;
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function toProblem(exception: unknown): Problem {
  if (exception instanceof HttpException) return fromHttpException(exception);
  if (isUnstorableText(exception)) {
    const detail =
      'A text of the request holds the character U+0000, which cannot be kept or looked for. Leave it out.';
    return { type: 'about:blank', title: titleOf(400), status: 400, detail };
  }
  const status = statusOfLibraryError(exception);
  if (status !== undefined) {
    return { type: 'about:blank', title: titleOf(status), status, detail: (exception as Error).message };
  }
  return {
    type: 'about:blank',
    title: titleOf(500),
    status: 500,
    detail: 'The server failed to handle this request; its log says why. Trying again is safe.',
  };
}

function fromHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  const body = exception.getResponse();
  if (typeof body === 'object' && 'type' in body && 'title' in body) return body as Problem;
  return { type: 'about:blank', title: titleOf(status), status, detail: exception.message };
}

/** Errors of body parsers carry a 4xx `status` and a message that is safe to show. */
function statusOfLibraryError(exception: unknown): number | undefined {
  if (!(exception instanceof Error) || !('expose' in exception) || exception.expose !== true) return undefined;
  const { status } = exception as Error & { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** PostgreSQL's answer to U+0000 in a text (22021) and in JSON (22P05). */
function isUnstorableText(exception: unknown): boolean {
  if (!(exception instanceof Error) || !('code' in exception)) return false;
  return exception.code === '22021' || exception.code === '22P05';
}
