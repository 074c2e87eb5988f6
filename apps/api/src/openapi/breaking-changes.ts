import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './common-errors';

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
}
interface Parameter {
  name: string;
  required?: boolean;
}
type Content = Record<string, { schema?: Schema }> | undefined;

const deepest = 12;

/** What of a released API clients could rely on and the new one no longer has; empty: nothing. */
export function breakingChanges(released: OpenAPIObject, current: OpenAPIObject): string[] {
  const now = new Map([...operationsOf(current)].map(({ key, operation }) => [key, operation]));
  const changes: string[] = [];
  for (const { key, operation } of operationsOf(released)) {
    const next = now.get(key);
    if (!next) {
      changes.push(`${key} is gone`);
      continue;
    }
    const before = new Set(
      (operation.parameters as Parameter[] | undefined)?.filter(isRequired).map(({ name }) => name),
    );
    for (const { name } of ((next.parameters ?? []) as Parameter[]).filter(isRequired)) {
      if (!before.has(name)) changes.push(`${key} needs the parameter ${name} now`);
    }
    const compare = new Comparison(released, current, changes);
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) >= 300) continue;
      if (!next.responses[status]) changes.push(`${key} does not answer ${status} any more`);
      else
        compare.answer(
          `${key} ${status}`,
          jsonOf(response.content as Content),
          jsonOf(next.responses[status].content as Content),
        );
    }
    const [body, nextBody] = [bodyOf(operation.requestBody), bodyOf(next.requestBody)];
    if (nextBody) compare.request(`${key} body`, body, nextBody);
  }
  return changes;
}

class Comparison {
  constructor(
    private readonly released: OpenAPIObject,
    private readonly current: OpenAPIObject,
    private readonly changes: string[],
  ) {}

  /** Every property that an answer had must still be there, of the same type, and be there as surely. */
  answer(place: string, before: Schema | undefined, after: Schema | undefined, depth = 0): void {
    const [old, next] = [resolve(before, this.released), resolve(after, this.current)];
    if (!old || !next || depth > deepest) return;
    if (old.type !== undefined && next.type !== undefined && String(old.type) !== String(next.type)) {
      this.changes.push(`${place}: the type ${old.type} has become ${next.type}`);
      return;
    }
    for (const [name, schema] of Object.entries(next.properties ? (old.properties ?? {}) : {})) {
      const found = next.properties?.[name];
      if (!found) this.changes.push(`${place}: ${name} is gone`);
      else this.answer(`${place}.${name}`, schema, found, depth + 1);
      if (found && old.required?.includes(name) && !next.required?.includes(name)) {
        this.changes.push(`${place}: ${name} may be absent now`);
      }
    }
    this.answer(`${place}[]`, old.items, next.items, depth + 1);
  }

  /** A request that was taken must still be taken: nothing more is required, no value is refused. */
  request(place: string, before: Schema | undefined, after: Schema | undefined): void {
    const [old, next] = [resolve(before, this.released), resolve(after, this.current)];
    if (!next) return;
    for (const name of next.required ?? []) {
      if (!old?.required?.includes(name)) this.changes.push(`${place}: ${name} is required now`);
    }
    for (const [name, schema] of Object.entries(old?.properties ?? {})) {
      const [was, is] = [resolve(schema, this.released), resolve(next.properties?.[name], this.current)];
      if (next.properties && !is) this.changes.push(`${place}: ${name} is not taken any more`);
      const refused = is?.enum ? (was?.enum ?? []).filter((value) => !is.enum?.includes(value)) : [];
      if (refused.length > 0) this.changes.push(`${place}: ${name} may not be ${refused.join(', ')} any more`);
    }
  }
}

function isRequired({ required }: Parameter): boolean {
  return required === true;
}

function jsonOf(content: Content): Schema | undefined {
  return content?.['application/json']?.schema;
}

function bodyOf(body: object | undefined): Schema | undefined {
  return body && jsonOf((body as { content?: Content }).content);
}

function resolve(schema: Schema | undefined, { components }: OpenAPIObject): Schema | undefined {
  const name = schema?.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (components?.schemas?.[name] as Schema | undefined);
}
