import { modelCatalog } from '@gan-dashboard/trainer';
import type { ConfigField, Model } from '@gan-dashboard/shared-types';
import { UsageError } from './failures';

/** The models and their settings, for people or as the JSON that `GET /api/v1/models` answers for them. */
export function describeModels({ name, isJson }: { name?: string; isJson: boolean }): string {
  const catalog = modelCatalog();
  const models = name === undefined ? catalog : catalog.filter((model) => model.name === name);
  if (models.length === 0) {
    throw new UsageError(`There is no model "${name}". Models are: ${catalog.map((model) => model.name).join(', ')}.`);
  }
  return isJson ? JSON.stringify(models, null, 2) : models.map(describeModel).join('\n\n');
}

function describeModel({ name, title, description, fields }: Model): string {
  const names = fields.map((field) => field.name.length);
  const width = Math.max(...names);
  const lines = fields.map((field) => `  ${field.name.padEnd(width)}  ${valuesOf(field)}\n      ${field.description}`);
  return [`${name}: ${title}`, description, '', ...lines].join('\n');
}

function valuesOf({ kind, default: standard, minimum, maximum, choices, unit }: ConfigField): string {
  const range = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : '';
  const words = kind === 'choice' ? (choices ?? []).join(' | ') : `${kind}${range}`;
  const shown = Array.isArray(standard) ? standard.join(',') : String(standard);
  return `${shown}${unit === undefined ? '' : ` ${unit}`}  (${words})`;
}
