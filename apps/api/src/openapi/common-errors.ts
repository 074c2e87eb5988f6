import type { OpenAPIObject } from '@nestjs/swagger';
import { routePolicies } from '../identity/access/access-policy';
import { titleOf } from '../platform/http/problem';

type Responses = Record<string, { description?: string; content?: Record<string, unknown> }>;
interface Operation {
  responses: Responses;
  security?: object[];
  requestBody?: object;
  parameters?: unknown[];
}
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const problem = { schema: { $ref: '#/components/schemas/Problem' } };

/** Every operation of a document with its method and its path as Express has it (`/api/v1/runs/:id`). */
export function* operationsOf(document: OpenAPIObject): Generator<{ key: string; path: string; operation: Operation }> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method] as Operation | undefined;
      if (operation) yield { key: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`, path, operation };
    }
  }
}

/** What any operation may answer besides what it says itself: of the guard, the limits and the parsers. */
function commonStatuses(key: string, operation: Operation): number[] {
  const isPublic = routePolicies[key]?.access === 'public';
  const takesInput = operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
  return [
    ...(takesInput ? [400] : []),
    ...(isPublic ? [] : [401]),
    ...[403, 429, 500],
    ...(operation.requestBody === undefined ? [] : [413, 415, 422]),
  ];
}

/**
 * Adds the errors that operations have in common, gives problems the media type that they are sent with, and says which
 * operations need no sign-on. The routes of the original dashboard answer errors in its own form.
 */
export function withCommonErrors(document: OpenAPIObject): OpenAPIObject {
  for (const { key, path, operation } of operationsOf(document)) {
    const isCompat = !path.startsWith('/api/v1/') && /^\/(api\/|training_data|progress_data)/.test(path);
    const body = isCompat
      ? { 'application/json': { schema: { type: 'object' } } }
      : { 'application/problem+json': problem };
    const statuses = [...commonStatuses(key, operation), ...(isCompat ? [400, 404, 409] : [])];
    for (const status of statuses) {
      operation.responses[status] ??= { description: titleOf(status), content: body };
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) >= 400 && !isCompat) response.content = body;
      response.description ||= 'The answer';
    }
    if (routePolicies[key]?.access === 'public') operation.security = [];
  }
  return document;
}
