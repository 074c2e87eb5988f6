import { parseModelConfig } from '@gan-dashboard/trainer';
import { unprocessable } from '../platform/http/problem';

/** The settings of a run with all defaults filled in. @throws ProblemException 422 naming each one that is wrong */
export function checkedConfig(model: string, config: unknown): Record<string, unknown> & { epochs: number } {
  const parsed = parseModelConfig(model, config);
  if (parsed.ok) return parsed.config;
  const detail = parsed.errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw unprocessable(detail, parsed.errors);
}
