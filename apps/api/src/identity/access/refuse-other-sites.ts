import type { NextFunction, Request, Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Problem } from '@gan-dashboard/shared-types';
import type { AuthConfig } from '../../platform/configuration/auth-config';
import { withinRequest } from '../../platform/http/local-user';
import { ProblemException } from '../../platform/http/problem';
import { RequestOrigin } from './request-origin';

/**
 * Before anything of a request is read: was it a page of another site that sent it?
 *
 * @param translate the body for clients of another wire, by path; undefined: problem details
 */
export function refuseOtherSites(
  app: NestExpressApplication,
  auth: AuthConfig,
  translate: (path: string, problem: Problem) => object | undefined,
): void {
  const origin = new RequestOrigin(auth);
  app.use((request: Request, response: Response, next: NextFunction) => {
    try {
      origin.refuseOtherSites(request);
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error;
      const problem = { ...(error.getResponse() as Problem), instance: request.path };
      response.status(problem.status);
      const translated = translate(request.path, problem);
      if (translated) response.json(translated);
      else response.type('application/problem+json').send(JSON.stringify(problem));
      return;
    }
    withinRequest(next);
  });
}
