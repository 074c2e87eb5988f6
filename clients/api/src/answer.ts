import type { components } from './schema.ts';

type Problem = components['schemas']['Problem'];

/** The server has refused a request. The message is what it says is wrong; `problem` names the fields. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(response: Response, error: unknown) {
    const problem = isProblem(error) ? error : undefined;
    super(problem?.detail ?? problem?.title ?? `${response.url} answered ${response.status} ${response.statusText}`);
    this.name = 'ApiError';
    this.status = response.status;
    this.problem = problem;
  }
}

/** What a request was answered with. @throws ApiError where it was refused */
export function answerOf<T>(result: { data?: T | undefined; error?: unknown; response: Response }): T {
  if (!result.response.ok) throw new ApiError(result.response, result.error);
  return result.data as T;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'title' in error && 'status' in error;
}
