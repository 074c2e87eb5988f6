import { isModelName, modelCatalog, modelNames, parseModelConfig } from '@gan-dashboard/trainer';
import type { ConfigField } from '@gan-dashboard/shared-types';
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from './failures';

const settingsSchema = z.record(z.string(), z.unknown());

/**
 * The settings of a new run: those of the file, changed by `name=value` in order, completed by the model's defaults.
 *
 * @throws UsageError naming each setting that is wrong, its value and what is allowed
 */
export function settingsOf(
  model: string,
  { file, changes }: { file?: Record<string, unknown>; changes: readonly string[] },
): Record<string, unknown> & { epochs: number } {
  if (!isModelName(model)) {
    throw new UsageError(`--model is "${model}"; models are: ${modelNames.join(', ')}.`);
  }
  const fields = modelCatalog().find(({ name }) => name === model)?.fields ?? [];
  const changed = changes.map((change) => assignmentOf(change, fields));
  const parsed = parseModelConfig(model, { ...file, ...Object.fromEntries(changed) });
  if (parsed.ok) return parsed.config;
  throw new UsageError(parsed.errors.map(({ message }) => message).join('\n'));
}

function assignmentOf(change: string, fields: readonly ConfigField[]): [string, unknown] {
  const at = change.indexOf('=');
  if (at < 1) throw new UsageError(`--set is "${change}"; it takes name=value, for example --set batch_size=250.`);
  const name = change.slice(0, at).trim();
  const field = fields.find((each) => each.name === name);
  return [name, valueOf(change.slice(at + 1).trim(), field?.kind)];
}

/** What is not of its kind stays text: the check of the settings then names it. */
function valueOf(text: string, kind: ConfigField['kind'] | undefined): unknown {
  switch (kind) {
    case 'integer':
    case 'number':
      return numberOf(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer_list':
      return text
        .replace(/^\[|\]$/g, '')
        .split(',')
        .map((part) => numberOf(part.trim()));
    case 'choice':
    case 'text':
    case undefined:
      return text;
  }
}

function numberOf(text: string): number | string {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/**
 * Reads a file of settings, JSON or YAML.
 *
 * @throws UsageError where it cannot be read or holds no settings
 */
export function readSettingsFile(path: string): Record<string, unknown> {
  let content: unknown;
  try {
    const text = readFileSync(path, 'utf8');
    content = /\.json$/i.test(path) ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw new UsageError(`--config is "${path}", which cannot be read: ${messageOf(error).split('\n')[0] ?? ''}`, {
      cause: error,
    });
  }
  const parsed = settingsSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--config is "${path}", which holds no settings. It takes an object such as {"epochs": 100}.`);
}
