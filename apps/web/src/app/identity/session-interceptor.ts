import { HttpErrorResponse } from '@angular/common/http';
import type { HttpInterceptorFn } from '@angular/common/http';
import { Injector, inject } from '@angular/core';
import { tap } from 'rxjs';
import { Session } from './session';

/** An answer that says "not signed in" makes the page ask who is; the sign-in then opens over what is shown. */
export const sessionInterceptor: HttpInterceptorFn = (request, next) => {
  // Not injected now: the session itself sends requests.
  const injector = inject(Injector);
  return next(request).pipe(
    tap({
      error: (error: unknown) => {
        if (!(error instanceof HttpErrorResponse) || error.status !== 401) return;
        if (request.url.startsWith('api/v1/session')) return;
        injector
          .get(Session)
          .look()
          .catch(() => undefined); // The request that failed tells what is wrong.
      },
    }),
  );
};
