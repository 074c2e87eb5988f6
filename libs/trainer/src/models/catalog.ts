import type { ConfigField, Model } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { ctganConfigSchema } from './ctgan/config';
import { ganConfigSchema } from './gan/config';
import { quantganConfigSchema } from './series/quantgan/config';
import { doppelgangerConfigSchema } from './series/doppelganger/config';
import { tvaeConfigSchema } from './tvae/config';
import { wganGpConfigSchema } from './wgan-gp/config';

interface ModelDefinition {
  title: string;
  description: string;
  config: z.ZodObject;
}

const definitions = {
  'wgan-gp': {
    title: 'WGAN-GP',
    description:
      'Wasserstein GAN with gradient penalty for tables of numbers, categories and times. Two small networks: the generator turns noise into rows, the critic scores how real rows look.',
    config: wganGpConfigSchema,
  },
  ctgan: {
    title: 'CTGAN',
    description:
      'Conditional GAN for mixed tables: rows are asked for by a category or a mode, so that rare ones are learned too; numbers are cut into their modes; the critic judges several rows together.',
    config: ctganConfigSchema,
  },
  gan: {
    title: 'GAN',
    description:
      'The plain GAN: a discriminator tells real rows from generated ones, numbers are scaled to their range. Simple and quick; the baseline for the others.',
    config: ganConfigSchema,
  },
  tvae: {
    title: 'TVAE',
    description:
      'Variational autoencoder for mixed tables: rows are pressed into a latent space and back. Not adversarial, so its loss falls and settles; tables are read as in CTGAN.',
    config: tvaeConfigSchema,
  },
  doppelganger: {
    title: 'DoppelGANger',
    description:
      'GAN for sequences: windows of rows in order of time, with what belongs to a window as a whole. An LSTM makes several rows at each step; sequences of very different levels are learned together.',
    config: doppelgangerConfigSchema,
  },
  quantgan: {
    title: 'QuantGAN',
    description:
      'GAN for returns of prices and changes of yields: two temporal convolutional networks. Heavy tails are taken off before learning and put back; paths can be of any length.',
    config: quantganConfigSchema,
  },
} satisfies Record<string, ModelDefinition>;

export type ModelName = keyof typeof definitions;
export const modelNames = Object.keys(definitions) as ModelName[];

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(definitions, name);
}

/** The models that can be trained, each with the settings that a form needs to draw, explain and check. */
export function modelCatalog(): Model[] {
  return modelNames.map((name) => {
    const { title, description, config } = definitions[name];
    const jsonSchema = z.toJSONSchema(config, { io: 'input' });
    return { name, title, description, fields: fieldsOf(jsonSchema), json_schema: { ...jsonSchema } };
  });
}

interface ConfigError {
  path: string;
  message: string;
}
export type ParsedConfig =
  { ok: true; config: Record<string, unknown> & { epochs: number } } | { ok: false; errors: ConfigError[] };

/**
 * Checks the settings of a run and fills in defaults.
 * Each error names the field, the value that was given and what is allowed.
 */
export function parseModelConfig(model: string, config: unknown): ParsedConfig {
  if (!isModelName(model)) {
    const message = `There is no model "${model}". Models are: ${modelNames.join(', ')}.`;
    return { ok: false, errors: [{ path: 'model', message }] };
  }
  const schema = definitions[model].config;
  const parsed = schema.safeParse(config, { reportInput: true });
  if (parsed.success) {
    const mistake = patienceMistake(parsed.data);
    return mistake ? { ok: false, errors: [mistake] } : { ok: true, config: parsed.data };
  }
  const fields = fieldsOf(z.toJSONSchema(schema, { io: 'input' }));
  return { ok: false, errors: parsed.error.issues.flatMap((issue) => errorsOf(issue, fields)) };
}

/** Without measurements there is nothing to be patient about. */
function patienceMistake({
  early_stopping_patience: patience,
  quality_every: every,
}: {
  early_stopping_patience: number;
  quality_every: number;
}): ConfigError | undefined {
  if (patience === 0 || every > 0) return undefined;
  const message = `early_stopping_patience is ${patience}; allowed: 0 where quality_every is 0. Set quality_every to 1 or more to stop by the quality.`;
  return { path: 'config.early_stopping_patience', message };
}

function errorsOf(issue: z.core.$ZodIssue, fields: ConfigField[]): ConfigError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = fields.map((field) => field.name).join(', ');
    return issue.keys.map((key) => ({
      path: `config.${key}`,
      message: `There is no setting "${key}". Settings are: ${known}.`,
    }));
  }
  const field = fields.find(({ name }) => name === issue.path[0]);
  if (!field) return [{ path: 'config', message: `The config must be an object of settings: ${issue.message}.` }];
  // A rule between settings is given the whole config and says itself what is allowed.
  const isRule = issue.code === 'custom';
  const input = isRule ? z.record(z.string(), z.unknown()).parse(issue.input)[field.name] : issue.input;
  const given = input === undefined ? 'nothing' : JSON.stringify(input);
  const place = issue.path.slice(1).map((index) => `[${String(index)}]`);
  return [
    {
      path: ['config.', field.name, ...place].join(''),
      message: `${field.name}${place.join('')} is ${given}; allowed: ${isRule ? issue.message : allowed(field)}.`,
    },
  ];
}

function allowed(field: ConfigField): string {
  const range =
    field.minimum !== undefined && field.maximum !== undefined ? ` from ${field.minimum} to ${field.maximum}` : '';
  switch (field.kind) {
    case 'integer':
      return `a whole number${range}`;
    case 'number':
      return `a number${range}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return (field.choices ?? []).join(', ');
    case 'integer_list':
      return `1 to 8 whole numbers, each${range}`;
    case 'text':
      return 'text';
  }
}

/** The parts of a field's JSON Schema that a form uses; unit, source and is_advanced come from `.meta()`. */
const propertySchema = z.object({
  type: z.enum(['integer', 'number', 'boolean', 'string', 'array']),
  title: z.string(),
  description: z.string(),
  default: z.union([z.number(), z.boolean(), z.string(), z.array(z.number())]),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.object({ minimum: z.number(), maximum: z.number() }).optional(),
  enum: z.array(z.string()).optional(),
  unit: z.string().optional(),
  source: z.string().optional(),
  is_advanced: z.boolean().optional(),
});

const kinds = {
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  string: 'text',
  array: 'integer_list',
} as const;

function fieldsOf(jsonSchema: { properties?: Record<string, unknown> | undefined }): ConfigField[] {
  return Object.entries(jsonSchema.properties ?? {}).map(([name, property]) => {
    const { type, enum: choices, items, minimum, maximum, unit, source, ...rest } = propertySchema.parse(property);
    const range = items ?? { minimum, maximum };
    return {
      name,
      title: rest.title,
      description: rest.description,
      kind: choices === undefined ? kinds[type] : 'choice',
      default: rest.default,
      ...(range.minimum === undefined ? {} : { minimum: range.minimum }),
      ...(range.maximum === undefined ? {} : { maximum: range.maximum }),
      ...(unit === undefined ? {} : { unit }),
      ...(choices === undefined ? {} : { choices }),
      ...(source === undefined ? {} : { source }),
      is_advanced: rest.is_advanced ?? false,
    };
  });
}
