import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { compatError } from './compat/compat-error';
import { RequestOrigin } from './identity/access/request-origin';
import { refuseOtherSites } from './identity/access/refuse-other-sites';
import { openApiDocument } from './openapi/document';
import { APP_CONFIG } from './platform/configuration/app-config';
import type { AppConfig, Role } from './platform/configuration/app-config';
import { ProblemFilter } from './platform/http/problem.filter';
import { setSecurityHeaders } from './platform/http/security-headers';
import { serveProbesOnly } from './platform/http/serve-probes-only';
import { limitSlowBodies } from './platform/http/slow-bodies';
import { validationPipe } from './platform/http/validation.pipe';
import { serveWeb, stripBasePath } from './platform/web/serve-web';

const maxJsonBody = '2mb';

/** Everything about HTTP that the server and its tests share; a worker serves its probes and metrics only. */
export function configureApp(
  app: NestExpressApplication,
  options: { basePath: string; webDir?: string; role?: Role },
): void {
  stripBasePath(app, options.basePath);
  app.disable('x-powered-by');
  if (options.role === 'worker') {
    serveProbesOnly(app);
    return;
  }
  const { auth } = app.get<AppConfig>(APP_CONFIG);
  const origin = new RequestOrigin(auth);
  setSecurityHeaders(app, (request) => origin.isHttps(request));
  limitSlowBodies(app);
  refuseOtherSites(app, auth, compatError);
  app.useBodyParser('json', { limit: maxJsonBody });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(compatError));
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'api/openapi.json' });
  serveWeb(app, options);
}
