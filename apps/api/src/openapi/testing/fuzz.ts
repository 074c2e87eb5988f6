import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { operationsOf } from '../common-errors';
import { isJson } from './response-checker';
import type { ResponseChecker } from './response-checker';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema?: object;
}
interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
}
export interface FuzzRequest {
  readonly key: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body: unknown;
}

/**
 * Streams do not end, and a sign-out would end the session of the tester. The two last make a large table each time that
 * they are called without a name: seconds of work that other tests look at.
 */
const skipped =
  /^(GET \/events|GET \/ws|DELETE \/api\/v1\/session|GET \/api\/v1\/session\/oidc|POST \/api\/(start_training|generate_sample)$)/;
const deepest = 4;

/** Values that have broken servers before. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e308, [], {}, '\u0000', '%00', '../../etc/passwd', "' OR 1=1 --", '😀'),
  fc.constantFrom<unknown>('9'.repeat(400), Number.MAX_SAFE_INTEGER, '__proto__', 'NaN', true),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Requests to every operation of a document: mostly as described, some of them wrong in one place or all over. */
export function requestsFor(document: OpenAPIObject, knownIds: () => readonly string[]): fc.Arbitrary<FuzzRequest> {
  const values = new Values(document);
  const operations = [...operationsOf(document)].filter(({ key }) => !skipped.test(key));
  return fc.constantFrom(...operations).chain(({ key, path, operation }) => {
    const parameters = (operation.parameters ?? []) as Parameter[];
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const id = fc.oneof(
      { arbitrary: fc.nat().map((index) => knownIds()[index % Math.max(1, knownIds().length)] ?? ''), weight: 3 },
      { arbitrary: fc.uuid(), weight: 2 },
      { arbitrary: fc.string({ minLength: 1, maxLength: 20 }), weight: 1 },
    );
    const query = parameters.filter((parameter) => parameter.in === 'query');
    const queryValues = Object.fromEntries(
      query.map(({ name, schema }) => [name, values.of((schema ?? {}) as JsonSchema)]),
    );
    const { content = {} } = (operation.requestBody ?? {}) as { content?: Record<string, { schema?: JsonSchema }> };
    const schema = content['application/json']?.schema;
    return fc.record({
      key: fc.constant(key),
      path: fc.tuple(...names.map(() => id)).map((ids) => filled(path, ids)),
      query: fc.record(queryValues, { requiredKeys: [] }).map(texts),
      body: schema
        ? fc.oneof({ arbitrary: values.of(schema), weight: 4 }, { arbitrary: nasty, weight: 1 })
        : fc.constant(undefined),
    });
  });
}

/** Sends a request and holds the answer against the description. @returns what is wrong, or undefined */
export async function mistakeIn(
  { key, path, query, body }: FuzzRequest,
  { base, checker, learn }: { base: string; checker: ResponseChecker; learn: (id: string) => void },
): Promise<string | undefined> {
  const [method = 'GET'] = key.split(' ');
  const search = new URLSearchParams(query).toString();
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const url = `${base}${path}${search === '' ? '' : `?${search}`}`;
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  const { status } = response;
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const shown = `${method} ${url} ${JSON.stringify(body)?.slice(0, 500) ?? ''} -> ${status} ${text.slice(0, 500)}`;
  if (status >= 500 && status !== 503 && status !== 507) return shown;
  const parsed: unknown = isJson(type) && text !== '' ? JSON.parse(text) : undefined;
  const id = (parsed as { id?: unknown } | undefined)?.id;
  if (typeof id === 'string') learn(id);
  const mistake = checker.mistakeOf(key, { status, type, body: parsed });
  return mistake === undefined ? undefined : `${mistake}\n  ${shown}`;
}

class Values {
  constructor(private readonly document: OpenAPIObject) {}

  /** Values of a schema, one in ten of them anything at all. */
  of(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
    return fc.oneof({ arbitrary: this.right(this.resolve(schema), depth), weight: 9 }, { arbitrary: nasty, weight: 1 });
  }

  private right(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return fc.oneof(...choices.map((choice) => this.of(choice, depth + 1)));
    if (schema.allOf) return this.right(this.resolve(schema.allOf[0] ?? {}), depth);
    const [type = ''] = [schema.type ?? ''].flat();
    if (depth > deepest) return fc.constant(null);
    if (type === 'object' || schema.properties) {
      const properties = Object.entries(schema.properties ?? {}).map(([name, value]) => [
        name,
        this.of(value, depth + 1),
      ]);
      return fc.record(Object.fromEntries(properties) as Record<string, fc.Arbitrary<unknown>>, {
        requiredKeys: schema.required ?? [],
      });
    }
    if (type === 'array') return fc.array(this.of(schema.items ?? {}, depth + 1), { maxLength: 4 });
    const { minimum = -1_000, maximum = 1_000 } = schema;
    const [min, max] = [Math.max(minimum, -1e9), Math.min(maximum, 1e9)];
    if (type === 'integer') return fc.integer({ min: Math.min(Math.ceil(min), Math.floor(max)), max: Math.floor(max) });
    if (type === 'number') return fc.double({ min: Math.min(min, max), max, noNaN: true });
    if (type === 'boolean') return fc.boolean();
    if (type === 'null') return fc.constant(null);
    return schema.format === 'uuid' ? fc.uuid() : fc.string({ maxLength: 30 });
  }

  private resolve(schema: JsonSchema): JsonSchema {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    return name === undefined ? schema : (this.document.components?.schemas?.[name] ?? {});
  }
}

function filled(path: string, ids: readonly string[]): string {
  let index = 0;
  return path.replace(/\{\w+\}/g, () => encodeURIComponent(ids[index++] ?? ''));
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
    ]),
  );
}
