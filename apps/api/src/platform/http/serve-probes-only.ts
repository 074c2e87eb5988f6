import type { NextFunction, Request, Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProblemFilter } from './problem.filter';
import { titleOf } from './problem';

const probes = new Set(['/healthz', '/readyz', '/metrics']);

/** A process of the role `worker`: whoever watches it finds its probes and metrics, everything else is elsewhere. */
export function serveProbesOnly(app: NestExpressApplication): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (probes.has(request.path)) {
      next();
      return;
    }
    const detail = 'This process only trains (ROLE=worker). Ask a process of the role web or all.';
    response
      .status(404)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: titleOf(404), status: 404, detail, instance: request.path }));
  });
  app.useGlobalFilters(new ProblemFilter());
}
