import { readFile } from 'node:fs/promises';
import { modelSchema } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { modelCatalog, parseModelConfig } from './catalog';

describe('the catalogue of models', () => {
  it('describes every setting so that a form can be drawn from it', () => {
    const [model] = modelCatalog();
    expect(modelSchema.parse(model).name).toBe('wgan-gp');
    const fields = Object.fromEntries((model?.fields ?? []).map((field) => [field.name, field]));
    expect(fields['epochs']).toMatchObject({ kind: 'integer', default: 100, minimum: 1, maximum: 100_000 });
    expect(fields['critic_layers']).toMatchObject({ kind: 'integer_list', default: [256, 256], minimum: 4 });
    expect(fields['gradient_penalty_weight']).toMatchObject({ default: 10, is_advanced: true });
    expect(fields['gradient_penalty_weight']?.source).toContain('Gulrajani');
  });

  it('tells text from choices', () => {
    const ctgan = modelCatalog().find(({ name }) => name === 'ctgan');
    const fields = Object.fromEntries((ctgan?.fields ?? []).map((field) => [field.name, field]));
    expect(fields['target_column']).toMatchObject({ kind: 'text', default: '' });
    expect(fields['learning_rate_curve']).toMatchObject({ kind: 'choice', choices: ['linear', 'cosine'] });
    const wrong = parseModelConfig('ctgan', { target_column: 5 });
    expect(!wrong.ok && wrong.errors[0]?.message).toBe('target_column is 5; allowed: text.');
  });

  it('fills in defaults', () => {
    const parsed = parseModelConfig('wgan-gp', { epochs: 3 });
    expect(parsed.ok && parsed.config).toMatchObject({ epochs: 3, latent_dim: 128, generator_layers: [256, 256] });
  });

  it.each([
    [{ batch_size: 0 }, 'config.batch_size', 'batch_size is 0; allowed: a whole number from 4 to 20000.'],
    [{ epochs: 'ten' }, 'config.epochs', 'epochs is "ten"; allowed: a whole number from 1 to 100000.'],
    [{ epochs: 1.5 }, 'config.epochs', 'epochs is 1.5; allowed: a whole number from 1 to 100000.'],
    [
      { critic_layers: [64, 2] },
      'config.critic_layers[1]',
      'critic_layers[1] is 2; allowed: 1 to 8 whole numbers, each from 4 to 4096.',
    ],
  ])('refuses %j with field, value and range', (config, path, message) => {
    expect(parseModelConfig('wgan-gp', config)).toEqual({ ok: false, errors: [{ path, message }] });
  });

  it('checks rules between settings, defaults included', () => {
    expect(parseModelConfig('ctgan', { batch_size: 205 })).toEqual({
      ok: false,
      errors: [
        {
          path: 'config.batch_size',
          message: 'batch_size is 205; allowed: a whole number divisible by pac.',
        },
      ],
    });
    expect(parseModelConfig('ctgan', { pac: 3 })).toMatchObject({ ok: false });
    expect(parseModelConfig('ctgan', { batch_size: 205, pac: 5 })).toMatchObject({ ok: true });
  });

  it('names unknown settings and models and says which there are', () => {
    const setting = parseModelConfig('wgan-gp', { epoch: 3 });
    expect(!setting.ok && setting.errors[0]?.message).toMatch(/^There is no setting "epoch"\. Settings are: epochs,/);
    const model = parseModelConfig('stylegan', {});
    expect(!model.ok && model.errors[0]?.message).toMatch(
      /^There is no model "stylegan"\. Models are: wgan-gp, ctgan, gan/,
    );
    const list = parseModelConfig('wgan-gp', []);
    expect(!list.ok && list.errors[0]?.path).toBe('config');
  });
});

describe('docs/models.md', () => {
  it.each(modelCatalog())(
    'lists every setting of $name with its default and range',
    async ({ name: model, fields }) => {
      const text = await readFile(new URL('../../../../docs/models.md', import.meta.url), 'utf8');
      const section = text.split(/^## /m).find((each) => each.startsWith(`${model}\n`)) ?? '';
      const rows = section.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
      for (const { name, default: value, minimum, maximum } of fields) {
        const row = rows.find((cells) => cells[1] === `\`${name}\``);
        const range = minimum === undefined ? '' : `${minimum} to ${maximum}`;
        expect([name, row?.[2], row?.[3]]).toEqual([
          name,
          Array.isArray(value) ? value.join(', ') : String(value),
          range,
        ]);
      }
    },
  );
});
