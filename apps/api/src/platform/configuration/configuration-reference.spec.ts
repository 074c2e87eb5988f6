import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { s3Schema } from '../files/storage-config';
import { environmentSchema } from './app-config';
import { authSchema } from './auth-config';
import { configurationReference } from './configuration-reference';
import { configurationPage, helpText } from './configuration-texts';

const page = fileURLToPath(new URL('../../../../../docs/configuration.md', import.meta.url));
const shape = { ...environmentSchema.shape, ...authSchema.shape, ...s3Schema.shape };
const documented = configurationReference.flatMap(({ variables }) => variables);

describe('the reference of the configuration', () => {
  it('has every variable that the server reads, once, and no other', () => {
    const names = documented.flatMap((entry) => entry.names);
    expect([...names].sort()).toEqual([...new Set(names)].sort());
    expect([...names].sort()).toEqual([...Object.keys(shape), 'STORAGE'].sort());
  });

  it('names the defaults of the schema', () => {
    const { properties = {} } = z.toJSONSchema(z.object(shape), { io: 'input', unrepresentable: 'any' });
    for (const { names, fallback } of documented) {
      for (const name of names) {
        const schema = properties[name] as { default?: string | number } | undefined;
        const value = schema?.default;
        if (value === undefined || value === '') continue;
        expect.soft(fallback.toLowerCase(), name).toContain(String(value).toLowerCase());
      }
    }
  });

  it('is what docs/configuration.md says', async () => {
    const options = await resolveConfig(page);
    await expect(await format(configurationPage(), { ...options, parser: 'markdown' })).toMatchFileSnapshot(page);
  });

  it('is what --help says, without Markdown', () => {
    expect(helpText()).toMatch(/Usage: npm start[\s\S]*PORT \(default: 8081\)[\s\S]*OIDC_ISSUER/);
    expect(helpText()).not.toContain('`');
  });
});
