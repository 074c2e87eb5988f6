import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { allowPage } from '../http/security-headers';

/** Where the build puts the web app, seen from dist/apps/api/main.js. */
const builtWeb = fileURLToPath(new URL('../web/browser', import.meta.url));

const serverPaths = /^\/(api|events|healthz|readyz|metrics|ws)(\/|$)/;
const hashedFile = /-[\w-]{8}\.(js|css|woff2?)$/;

/** Removes the prefix where the proxy kept it, so that both kinds of proxy work. */
export function stripBasePath(app: NestExpressApplication, basePath: string): void {
  if (!basePath) return;
  app.use((request: Request, _response: Response, next: NextFunction) => {
    if (request.url === basePath) request.url = '/';
    else if (request.url.startsWith(`${basePath}/`)) request.url = request.url.slice(basePath.length);
    next();
  });
}

/** Serves the built web app: hashed files for a year, index.html with the base href of this deployment. */
export function serveWeb(app: NestExpressApplication, options: { basePath: string; webDir?: string }): void {
  const webDir = options.webDir ?? process.env['WEB_DIR'] ?? builtWeb;
  const indexFile = join(webDir, 'index.html');
  if (!existsSync(indexFile)) return;
  // Read for each page: a build under the running server brings files with other names.
  const page = () =>
    readFileSync(indexFile, 'utf8').replace(/<base href="[^"]*"\s*\/?>/, `<base href="${options.basePath}/">`);
  // Not what the API answers: secrets beside chosen input would show in the compressed size (BREACH), and streams would wait.
  const compress = compression();
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (serverPaths.test(request.path)) next();
    else compress(request, response, next);
  });
  app.use(
    express.static(webDir, {
      index: false,
      setHeaders: (response, path) => {
        // A worker obeys the policy that its script came with, not that of the page.
        allowPage(response);
        response.setHeader('Cache-Control', hashedFile.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isPage(request)) {
      next();
      return;
    }
    const nonce = allowPage(response);
    const html = page().replace('<gd-root>', `<gd-root ngCspNonce="${nonce}">`);
    response.setHeader('Cache-Control', 'no-cache').type('html').send(html);
  });
}

/** Deep links of the web app are answered with its page; files and the server's own paths are not. */
function isPage(request: Request): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || serverPaths.test(request.path)) return false;
  // Old trainers probe `/` with any Accept header to find the port.
  if (request.path === '/') return true;
  return request.accepts(['html', 'json']) === 'html' && !/\.[a-z0-9]+$/i.test(request.path);
}
