import * as z from 'zod';

/** What a file of settings holds: what `gan-dashboard train --config` reads, with model and seed beside it. */
export interface SettingsFile {
  model?: string;
  seed?: number;
  config: Record<string, unknown>;
}

export type SettingsFormat = 'yaml' | 'json';

const objectSchema = z.record(z.string(), z.unknown());
const headSchema = z.object({ model: z.string().optional(), seed: z.int().min(0).optional() });

/** Settings as text. YAML is loaded when it is first needed. */
export async function settingsText(settings: SettingsFile, format: SettingsFormat): Promise<string> {
  if (format === 'json') return `${JSON.stringify(settings, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify(settings, { flowCollectionPadding: false });
}

/**
 * Reads settings from YAML or JSON (which is YAML): `{ model, seed, config: { … } }`, or the settings alone.
 *
 * @throws Error that says what is wrong with the text and the way out
 */
export async function readSettings(text: string): Promise<SettingsFile> {
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new Error($localize`The file is neither YAML nor JSON: ${firstLine(error)}`, { cause: error });
  }
  const top = objectSchema.safeParse(content);
  if (!top.success)
    throw new Error($localize`The file holds no settings; it takes names and values, such as "epochs: 100".`);
  const inner = objectSchema.safeParse(top.data['config']);
  if (!inner.success) return { config: top.data };
  const head = headSchema.safeParse(top.data);
  if (!head.success) throw new Error($localize`In the file, model is to be a name and seed a whole number from 0.`);
  return { ...compact(head.data), config: inner.data };
}

function compact({ model, seed }: z.infer<typeof headSchema>): Omit<SettingsFile, 'config'> {
  return { ...(model === undefined ? {} : { model }), ...(seed === undefined ? {} : { seed }) };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
