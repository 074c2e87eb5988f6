import * as z from 'zod';

/** One setting of a model: everything that a form needs to draw, explain and check it. */
export const configFieldSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    kind: z.enum(['integer', 'number', 'boolean', 'choice', 'integer_list', 'text']),
    default: z.union([z.number(), z.boolean(), z.string(), z.array(z.number())]),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    unit: z.string().optional(),
    choices: z.array(z.string()).optional(),
    source: z.string().optional().meta({ description: 'Paper and section that the default comes from' }),
    is_advanced: z.boolean(),
  })
  .meta({ id: 'ConfigField' });
export type ConfigField = z.infer<typeof configFieldSchema>;

export const modelSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    fields: z.array(configFieldSchema),
    json_schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the config object' }),
  })
  .meta({ id: 'Model' });
export type Model = z.infer<typeof modelSchema>;
export const modelListSchema = z.object({ items: z.array(modelSchema) }).meta({ id: 'ModelList' });
