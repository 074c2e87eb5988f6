import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Data and files are no pages: where a browser shows one as such, it may do nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': dataPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not `no-referrer`: browsers would then send `Origin: null`, by which our own page is known.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const oneYear = 31_536_000;
/** The page that describes the API comes with its style inside of it; its scripts are files. */
const documentation = /^\/api\/docs(\/|$)/;

/**
 * Headers that keep a browser from doing with an answer what it is not meant for; pages loosen the policy for themselves.
 *
 * @param isHttps whether the browser has reached us by TLS: it is told not to come without it any more
 */
export function setSecurityHeaders(app: NestExpressApplication, isHttps: (request: IncomingMessage) => boolean): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (documentation.test(request.path)) {
      response.setHeader('Content-Security-Policy', pagePolicy("'unsafe-inline'"));
    }
    if (isHttps(request)) response.setHeader('Strict-Transport-Security', `max-age=${oneYear}`);
    next();
  });
}

/**
 * The policy of the web app: scripts, data and workers of this server only, no script inside of the page. Angular adds
 * the styles of components to the page, which carry the nonce.
 *
 * @returns the nonce that the page has to name.
 */
export function allowPage(response: ServerResponse): string {
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Content-Security-Policy', pagePolicy(`'nonce-${nonce}'`));
  return nonce;
}

function pagePolicy(styles: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${styles}`,
    // Widths of bars and the like, which cannot run anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
