import { controlRequestSchema, subscribeRequestSchema, unsubscribeRequestSchema } from '@gan-dashboard/shared-types';
import type { ControlRequest, SubscribeRequest, UnsubscribeRequest } from '@gan-dashboard/shared-types';
import { ProblemException } from '../../platform/http/problem';

export type ParsedRequest =
  | { kind: 'subscribe'; request: SubscribeRequest }
  | { kind: 'unsubscribe'; request: UnsubscribeRequest }
  | { kind: 'control'; request: ControlRequest };

const kinds = ['subscribe', 'unsubscribe', 'control'] as const;

/** The id by which the answer is told from others; also of a message that is wrong in other ways. */
export function requestIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('request_id' in body)) return undefined;
  const { request_id: id } = body;
  return typeof id === 'string' && id.length <= 100 ? id : undefined;
}

/** @throws ProblemException 400 when a message is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemException(400, `The message is not JSON: ${(error as Error).message}`);
  }
}

/** Checks a message of a client. @throws ProblemException 400 naming each field that is wrong. */
export function parseRequest(body: unknown): ParsedRequest {
  const kind = kindOf(body);
  switch (kind) {
    case 'subscribe':
      return { kind, request: checked(subscribeRequestSchema.safeParse(body)) };
    case 'unsubscribe':
      return { kind, request: checked(unsubscribeRequestSchema.safeParse(body)) };
    case 'control':
      return { kind, request: checked(controlRequestSchema.safeParse(body)) };
  }
}

function kindOf(body: unknown): ParsedRequest['kind'] {
  const present = typeof body === 'object' && body !== null ? kinds.filter((kind) => kind in body) : [];
  const [kind] = present;
  if (kind === undefined || present.length > 1) {
    throw new ProblemException(
      400,
      `A message holds exactly one of ${kinds.join(', ')}; this one holds ${present.join(' and ') || 'none'}.`,
    );
  }
  return kind;
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

type Result<Value> = { success: true; data: Value } | { success: false; error: { issues: Issue[] } };

function checked<Value>(result: Result<Value>): Value {
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new ProblemException(400, detail, errors);
}
