import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject, StandardSchemaConverter } from '@nestjs/swagger';
import { z } from 'zod';
import { withCommonErrors } from './common-errors';

type JsonSchema = Record<string, unknown>;

/** Zod to JSON Schema 2020-12, as OpenAPI 3.1 takes it; schemas that have an id become components. */
const zodConverter: StandardSchemaConverter = (schema, { schemaType }) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $schema: _dialect,
    $defs: definitions,
    id,
    ...rest
  } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: schemaType, unrepresentable: 'any' }) as JsonSchema & {
    $defs?: Record<string, JsonSchema>;
    id?: string;
  };
  const components: Record<string, JsonSchema> = {};
  for (const [name, { id: _id, ...definition }] of Object.entries(definitions ?? {})) components[name] = definition;
  if (!id) return { schema: rest, components };
  return { schema: { $ref: `#/components/schemas/${id}` }, components: { ...components, [id]: rest } };
};

/** The description of the whole API; needs no database. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('GAN Dashboard')
    .setDescription(
      'Data sets, training runs, live events and synthetic data. Errors are RFC 9457 problem details; ' +
        'event streams are described by the JSON of one `data:` line.',
    )
    .setVersion('1.0.0')
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    // Relative to /api/openapi.json, so that it holds under any prefix.
    .addServer('..')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token (gand_…), made on the account page' })
    .addCookieAuth('gan_dashboard_session')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('cookie')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: zodConverter,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
  });
  return withCommonErrors(document);
}
