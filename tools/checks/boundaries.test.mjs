import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import { root } from '../workspace/root.mjs';

const rule = '@nx/enforce-module-boundaries';
const web = 'apps/web/src/main.ts';
const api = 'apps/api/src/main.ts';
const trainer = 'libs/trainer/src/index.ts';
const shared = 'libs/shared-types/src/index.ts';
const client = 'clients/typescript/src/index.ts';
const apiClient = 'clients/api/src/index.ts';

const forbidden = [
  [web, '@gan-dashboard/trainer'],
  [web, '@nestjs/common'],
  [web, 'typeorm'],
  [web, '@tensorflow/tfjs'],
  [web, '../../../libs/shared-types/src/index'],
  [web, '../../api/src/main'],
  [api, '@angular/core'],
  [api, 'chart.js'],
  [api, '@tensorflow/tfjs'],
  [api, '../../../libs/trainer/src/index'],
  [trainer, 'typeorm'],
  [trainer, '@nestjs/common'],
  [trainer, '@angular/core'],
  [trainer, '../../shared-types/src/index'],
  [shared, 'rxjs'],
  [shared, '@gan-dashboard/trainer'],
  [shared, '@nestjs/common'],
  [client, 'zod'],
  [client, '@gan-dashboard/shared-types'],
  [apiClient, 'zod'],
  [apiClient, '@gan-dashboard/shared-types'],
];

const allowed = [
  [web, '@gan-dashboard/shared-types'],
  [web, '@angular/core'],
  [api, '@gan-dashboard/shared-types'],
  [api, '@gan-dashboard/trainer'],
  [api, '@nestjs/common'],
  [trainer, '@gan-dashboard/shared-types'],
  [trainer, '@tensorflow/tfjs'],
  [shared, 'zod'],
  [client, 'node:fs'],
  [apiClient, 'openapi-fetch'],
];

describe('the boundaries between projects', () => {
  let eslint;

  before(async () => {
    // Without a stored graph of the projects the rule says nothing at all.
    process.env.NX_DAEMON = 'false';
    await createProjectGraphAsync();
    eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === rule });
  });

  async function complaints(file, specifier) {
    const text = `import * as other from '${specifier}';\nexport const used = other;\n`;
    const [{ messages }] = await eslint.lintText(text, { filePath: join(root, file) });
    assert.deepEqual(
      messages.filter(({ fatal }) => fatal),
      [],
    );
    return messages.filter(({ ruleId }) => ruleId === rule).map(({ message }) => message);
  }

  for (const [file, specifier] of forbidden) {
    it(`forbid ${file} to import ${specifier}`, async () => {
      assert.equal((await complaints(file, specifier)).length, 1);
    });
  }

  for (const [file, specifier] of allowed) {
    it(`let ${file} import ${specifier}`, async () => {
      assert.deepEqual(await complaints(file, specifier), []);
    });
  }
});
