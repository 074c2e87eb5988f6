import { HttpException } from '@nestjs/common';
import type { Problem } from '@gan-dashboard/shared-types';

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  408: 'Too slow',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  422: 'Cannot be processed',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
  507: 'Out of disk space',
};

export function titleOf(status: number): string {
  return titles[status] ?? 'Error';
}

/** An error that a client may see: RFC 9457, with a detail that says what is wrong and the way out. */
export class ProblemException extends HttpException {
  constructor(status: number, detail: string, errors?: Problem['errors']) {
    const problem: Problem = { type: 'about:blank', title: titleOf(status), status, detail };
    if (errors) problem.errors = errors;
    super(problem, status);
    this.message = detail;
  }
}

/** 404 for a resource: names its kind and the id that was asked for. */
export function notFound(kind: string, id: string): ProblemException {
  return new ProblemException(404, `There is no ${kind} with the id ${id}.`);
}

/** 409: the resource exists but is not in a state that allows what was asked. */
export function conflict(detail: string): ProblemException {
  return new ProblemException(409, detail);
}

/** 422: the request is well formed, but a value in it cannot be used. */
export function unprocessable(detail: string, errors?: Problem['errors']): ProblemException {
  return new ProblemException(422, detail, errors);
}
