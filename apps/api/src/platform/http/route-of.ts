import type { Request } from 'express';

/** Streams live as long as their clients: their duration says nothing. */
export const streamPath = /^\/events(\/|$)/;

/** As it was declared, such as `/api/v1/runs/:id`: paths as they are asked for would be endlessly many. */
export function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'other';
}
