import { configFieldSchema } from '@gan-dashboard/shared-types';
import type { ConfigField } from '@gan-dashboard/shared-types';
import { z } from 'zod';

const fieldName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be lower_case, at most 60 characters');
const fieldShape = configFieldSchema.shape;
const common = {
  name: fieldName,
  title: fieldShape.title.optional(),
  description: fieldShape.description.default(''),
  unit: z.string().optional(),
  source: z.string().optional(),
  is_advanced: z.boolean().default(false),
};
const range = { minimum: z.number().optional(), maximum: z.number().optional() };

/** A setting of a trainer as `trainers.yaml` declares it. */
export const declaredFieldSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...common, ...range, kind: z.literal('integer'), default: z.int() }),
    z.strictObject({ ...common, ...range, kind: z.literal('number'), default: z.number() }),
    z.strictObject({ ...common, kind: z.literal('boolean'), default: z.boolean() }),
    z.strictObject({ ...common, kind: z.literal('choice'), default: z.string(), choices: z.array(z.string()).min(1) }),
    z.strictObject({ ...common, ...range, kind: z.literal('integer_list'), default: z.array(z.int()).min(1) }),
    z.strictObject({ ...common, kind: z.literal('text'), default: z.string() }),
  ])
  .transform((field, context): ConfigField => {
    const title = field.title ?? titleOf(field.name);
    const complete: ConfigField = { ...withoutAbsent(field), title };
    if (!valueSchema(complete).safeParse(field.default).success) {
      const message = `is ${JSON.stringify(field.default)}; allowed: ${allowed(complete)}`;
      context.addIssue({ code: 'custom', path: ['default'], message });
    }
    return complete;
  });

export const epochsField: ConfigField = {
  name: 'epochs',
  title: 'Epochs',
  description: 'How often the program goes over the data.',
  kind: 'integer',
  default: 10,
  minimum: 1,
  maximum: 1_000_000,
  is_advanced: false,
};

type WithoutUndefined<Values> = { [Key in keyof Values]: Exclude<Values[Key], undefined> };

function withoutAbsent<Values extends object>(values: Values): WithoutUndefined<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<Values>;
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a setting may be, in words. */
function allowed({ kind, minimum, maximum, choices = [] }: ConfigField): string {
  const from = minimum === undefined ? '' : ` from ${minimum}`;
  const bounds = `${from}${maximum === undefined ? '' : ` to ${maximum}`}`;
  switch (kind) {
    case 'integer':
      return `a whole number${bounds}`;
    case 'number':
      return `a number${bounds}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return choices.join(', ');
    case 'integer_list':
      return `1 to 64 whole numbers, each${bounds}`;
    case 'text':
      return 'text';
  }
}

function valueSchema(field: ConfigField): z.ZodType {
  const { minimum = -Infinity, maximum = Infinity } = field;
  switch (field.kind) {
    case 'integer':
      return z.int().min(minimum).max(maximum);
    case 'number':
      return z.number().min(minimum).max(maximum);
    case 'boolean':
      return z.boolean();
    case 'choice':
      return z.enum(field.choices ?? []);
    case 'integer_list':
      return z.array(z.int().min(minimum).max(maximum)).min(1).max(64);
    case 'text':
      return z.string();
  }
}

interface ConfigMistake {
  path: string;
  message: string;
}

/** Checks the settings of a run against the fields and fills in defaults; every mistake names the field and what is allowed. */
export function parseConfig(
  fields: readonly ConfigField[],
  config: Record<string, unknown>,
): { ok: true; config: Record<string, unknown> } | { ok: false; errors: ConfigMistake[] } {
  const errors: ConfigMistake[] = [];
  const complete: Record<string, unknown> = {};
  for (const name of Object.keys(config)) {
    if (fields.some((field) => field.name === name)) continue;
    const known = fields.map((field) => field.name).join(', ') || 'none';
    errors.push({ path: `config.${name}`, message: `There is no setting "${name}". Settings are: ${known}.` });
  }
  for (const field of fields) {
    const value = config[field.name] ?? field.default;
    complete[field.name] = value;
    if (valueSchema(field).safeParse(value).success) continue;
    const message = `${field.name} is ${JSON.stringify(value)}; allowed: ${allowed(field)}.`;
    errors.push({ path: `config.${field.name}`, message });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, config: complete };
}

/** JSON Schema of the settings. */
export function jsonSchemaOf(fields: readonly ConfigField[]): Record<string, unknown> {
  const shape = Object.fromEntries(
    fields.map((field) => {
      const { title, description, default: value } = field;
      return [field.name, valueSchema(field).meta({ title, description, default: value }).optional()];
    }),
  );
  return { ...z.toJSONSchema(z.strictObject(shape), { io: 'input' }) };
}
