import { HttpErrorResponse } from '@angular/common/http';
import { problemSchema } from '@gan-dashboard/shared-types';

/** A request that failed, in words for the person at the screen. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** What to do about it. */
    readonly advice: string,
    readonly errors: readonly { path: string; message: string }[] = [],
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }
}

const adviceByStatus: Readonly<Record<number, string>> = {
  0: $localize`Check that the server is running and that this device is on its network, then try again.`,
  400: $localize`Correct the values named above and try again.`,
  401: $localize`Sign in again, then repeat the request.`,
  403: $localize`Ask an administrator for the permission.`,
  404: $localize`It may have been deleted. Reload the list and choose another.`,
  409: $localize`Its state has changed in the meantime. Reload and try again.`,
  413: $localize`Split the file, drop columns that the model does not need, or ask the operator to raise the upload limit.`,
  415: $localize`Upload a text file with comma-, semicolon- or tab-separated values (CSV).`,
  422: $localize`Correct the file or the values named above and try again.`,
  429: $localize`Wait a moment and try again.`,
  507: $localize`Delete data sets or samples that are no longer needed, or ask the operator for more disk space.`,
};

function adviceFor(status: number): string {
  return (
    adviceByStatus[status] ??
    (status >= 500
      ? $localize`Try again in a moment. If it stays, the log of the server says why.`
      : $localize`Correct the request and try again.`)
  );
}

/** Reads the body of an error answer: RFC 9457 JSON where the API sent it, else what the status says. */
export function toApiProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (!(error instanceof HttpErrorResponse)) {
    const text = error instanceof Error ? error.message : String(error);
    return new ApiProblem(-1, $localize`Unexpected error`, text, $localize`Reload the page. If it stays, report it.`);
  }
  if (error.status === 0) {
    return new ApiProblem(0, $localize`Server unreachable`, $localize`The server did not answer.`, adviceFor(0));
  }
  const problem = problemSchema.safeParse(bodyOf(error));
  if (!problem.success) {
    return new ApiProblem(
      error.status,
      $localize`Error ${error.status}`,
      $localize`The server answered ${error.status} without details.`,
      adviceFor(error.status),
    );
  }
  const { title, detail, errors } = problem.data;
  return new ApiProblem(error.status, title, detail ?? title, adviceFor(error.status), errors ?? []);
}

function bodyOf(error: HttpErrorResponse): unknown {
  const body: unknown = error.error;
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined; // A proxy's HTML page: the status is all that is known.
  }
}
