import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';
import { breakingChanges } from './breaking-changes';
import { operationsOf } from './common-errors';
import { previewDocument } from './testing/preview-document';

const fileOf = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const release = fileOf('docs/openapi/release-1.0.0.json');
const clientTypes = fileOf('clients/api/src/schema.ts');

describe('the description of the API', () => {
  let document: OpenAPIObject;

  beforeAll(async () => {
    document = await previewDocument();
  }, 60_000);

  it('passes the linter', async () => {
    // Probes refuse nothing; the sign-on of a provider answers by redirects; the order of routes and UUIDs keep paths apart.
    const off = ['operation-4xx-response', 'operation-2xx-response', 'no-ambiguous-paths'];
    const rules = Object.fromEntries(off.map((rule) => [rule, 'off' as const]));
    const config = await createConfig({ extends: ['recommended'], rules });
    const found = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
    expect(found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`)).toEqual(
      [],
    );
  }, 60_000);

  it('says what every operation is for, and how it is refused', () => {
    const mute = [...operationsOf(document)].filter(({ operation }) => {
      const { summary } = operation as { summary?: string };
      return !summary || !Object.keys(operation.responses).some((status) => status.startsWith('4'));
    });
    expect(mute.map(({ key }) => key)).toEqual([]);
  });

  it('breaks nothing that a release has promised', () => {
    const released = JSON.parse(readFileSync(release, 'utf8')) as OpenAPIObject;
    expect(breakingChanges(released, document)).toEqual([]);
  });

  it('is what the types of the TypeScript client are made of', async () => {
    const ast = await openapiTypescript(JSON.stringify(document));
    const text = `// Made from the description of the API; vitest run src/openapi --update makes it anew.\n${astToString(ast)}`;
    const formatted = await format(text, { ...(await resolveConfig(clientTypes)), parser: 'typescript' });
    await expect(formatted).toMatchFileSnapshot(clientTypes);
  }, 60_000);
});

describe('breakingChanges', () => {
  const api = (schema: object, parameters: object[] = []) =>
    ({
      paths: { '/a': { get: { parameters, responses: { 200: { content: { 'application/json': { schema } } } } } } },
    }) as unknown as OpenAPIObject;
  const schema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };

  it('takes what is new', () => {
    const more = { ...schema, properties: { ...schema.properties, name: { type: 'string' } } };
    expect(breakingChanges(api(schema), api(more, [{ name: 'q' }]))).toEqual([]);
  });

  it.each([
    [{ paths: {} }, 'GET /a is gone'],
    [api({ ...schema, properties: {} }), 'GET /a 200: id is gone'],
    [api({ ...schema, required: [] }), 'GET /a 200: id may be absent now'],
    [api({ ...schema, properties: { id: { type: 'integer' } } }), 'GET /a 200.id: the type string has become integer'],
    [api(schema, [{ name: 'q', required: true }]), 'GET /a needs the parameter q now'],
  ])('names what is gone or asks for more', (next, change) => {
    expect(breakingChanges(api(schema), next as OpenAPIObject)).toEqual([change]);
  });
});
