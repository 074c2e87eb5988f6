import { firstValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import type { z } from 'zod';
import { ApiProblem, toApiProblem } from './api-problem';

/**
 * Awaits an answer and checks it against the contract, once, where it enters.
 * @throws ApiProblem for an error status, no answer, or an answer that does not fit the contract.
 */
export async function checked<Schema extends z.ZodType>(
  answer: Observable<unknown>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  let body: unknown;
  try {
    body = await firstValueFrom(answer);
  } catch (error) {
    throw toApiProblem(error);
  }
  return fitting(body, schema);
}

/** Checks a body against the contract. @throws ApiProblem that names the first field that differs. */
export function fitting<Schema extends z.ZodType>(body: unknown, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue && issue.path.length > 0 ? issue.path.join('.') : 'the answer';
  console.error('An answer of the server does not fit the contract', result.error);
  throw new ApiProblem(
    -1,
    'Unexpected answer',
    `The server's answer does not fit the contract: ${where}: ${issue?.message ?? 'unknown'}.`,
    'Reload the page; web app and server may be of different versions.',
  );
}

/** Awaits an answer without a body. @throws ApiProblem */
export async function done(answer: Observable<unknown>): Promise<void> {
  try {
    await firstValueFrom(answer, { defaultValue: null });
  } catch (error) {
    throw toApiProblem(error);
  }
}

/** A key by which the server recognises a repeated POST; works without a secure context too. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
