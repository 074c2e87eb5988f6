import { describe, expect, it } from 'vitest';
import { sampleCreateSchema } from './outcome';
import {
  eventQuerySchema,
  logQuerySchema,
  metricQuerySchema,
  runCreateSchema,
  runPatchSchema,
  runQuerySchema,
  runRequestSchema,
} from './runs';

const datasetId = '22222222-2222-4222-8222-222222222222';

describe('queries', () => {
  it.each([
    ['runQuerySchema', runQuerySchema, { limit: 50, sort: 'created_at', order: 'desc', archived: false }],
    ['metricQuerySchema', metricQuerySchema, { points: 1_000 }],
    ['logQuerySchema', logQuerySchema, { from_line: -200, limit: 500 }],
    ['eventQuerySchema', eventQuerySchema, { after: 0, limit: 500 }],
  ])('%s has defaults for a URL without any', (_name, schema, defaults) => {
    expect(schema.parse({})).toEqual(defaults);
  });

  it('read the texts of a URL', () => {
    expect(runQuerySchema.parse({ limit: '10', status: 'failed', archived: 'true', order: 'asc' })).toMatchObject({
      limit: 10,
      status: 'failed',
      archived: true,
      order: 'asc',
    });
    expect(metricQuerySchema.parse({ from_step: '0', points: '10' })).toEqual({ from_step: 0, points: 10 });
    expect(logQuerySchema.parse({ from_line: '-5000', limit: '5000' })).toEqual({ from_line: -5_000, limit: 5_000 });
  });

  it.each([
    ['runQuerySchema', runQuerySchema, { limit: '501' }],
    ['runQuerySchema', runQuerySchema, { status: 'idle' }],
    ['runQuerySchema', runQuerySchema, { sort: 'config' }],
    ['runQuerySchema', runQuerySchema, { archived: 'perhaps' }],
    ['runQuerySchema', runQuerySchema, { dataset_id: 'mine' }],
    ['runQuerySchema', runQuerySchema, { search: 'x'.repeat(201) }],
    ['metricQuerySchema', metricQuerySchema, { points: '9' }],
    ['metricQuerySchema', metricQuerySchema, { points: '10001' }],
    ['metricQuerySchema', metricQuerySchema, { from_step: '-1' }],
    ['logQuerySchema', logQuerySchema, { limit: '5001' }],
    ['logQuerySchema', logQuerySchema, { from_line: '1.5' }],
    ['logQuerySchema', logQuerySchema, { level: 'fatal' }],
    ['eventQuerySchema', eventQuerySchema, { after: '-1' }],
    ['eventQuerySchema', eventQuerySchema, { limit: '0' }],
  ])('%s refuses %j', (_name, schema, query) => expect(schema.safeParse(query).success).toBe(false));
});

describe('runCreateSchema', () => {
  it('needs a data set and a model, and fills in the rest', () => {
    expect(runCreateSchema.parse({ dataset_id: datasetId, model: 'wgan-gp' })).toEqual({
      dataset_id: datasetId,
      model: 'wgan-gp',
      config: {},
      tags: [],
      notes: '',
      priority: 0,
    });
    expect(runCreateSchema.safeParse({ model: 'wgan-gp' }).success).toBe(false);
    expect(runCreateSchema.safeParse({ dataset_id: datasetId }).success).toBe(false);
  });

  it.each([
    [{ seed: -1 }],
    [{ seed: 1.5 }],
    [{ name: ' ' }],
    [{ name: 'x'.repeat(201) }],
    [{ tags: [''] }],
    [{ tags: Array.from({ length: 51 }, (_, index) => `tag ${index}`) }],
    [{ notes: 'x'.repeat(20_001) }],
    [{ epochs: 10 }],
  ])('refuses %j', (change) => {
    expect(runCreateSchema.safeParse({ dataset_id: datasetId, model: 'wgan-gp', ...change }).success).toBe(false);
  });
});

describe('runRequestSchema', () => {
  it('takes a run without an origin for one of the dashboard', () => {
    const request = { dataset_id: datasetId, model: 'wgan-gp' };
    expect(runRequestSchema.parse(request)).toEqual(runCreateSchema.parse(request));
    expect(runRequestSchema.parse({ ...request, origin: 'dashboard' })).toMatchObject({ origin: 'dashboard' });
  });

  it('needs nothing of a run from outside but its origin', () => {
    expect(runRequestSchema.parse({ origin: 'external' })).toEqual({
      origin: 'external',
      model: 'external',
      config: {},
      tags: [],
      notes: '',
    });
  });

  it.each([
    [{ origin: 'elsewhere' }],
    [{ origin: 'dashboard', model: 'wgan-gp' }],
    [{ origin: 'external', total_epochs: 0 }],
    [{ origin: 'external', priority: 1 }],
  ])('refuses %j', (request) => expect(runRequestSchema.safeParse(request).success).toBe(false));
});

describe('runPatchSchema', () => {
  it('changes what people write, not what the trainer reports', () => {
    expect(runPatchSchema.parse({ name: ' a ', tags: [' x '], archived: true })).toEqual({
      name: 'a',
      tags: ['x'],
      archived: true,
    });
    for (const field of ['status', 'epoch', 'seed', 'summary']) {
      expect(runPatchSchema.safeParse({ [field]: 1 }).success, field).toBe(false);
    }
  });
});

describe('sampleCreateSchema', () => {
  it('has defaults and limits', () => {
    expect(sampleCreateSchema.parse({})).toEqual({ rows: 1_000, seed: 42, now: false, format: 'csv' });
    for (const wrong of [{ rows: 0 }, { rows: 10_000_001 }, { seed: -1 }, { format: 'xlsx' }, { row: 5 }]) {
      expect(sampleCreateSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });
});
