import { describe, expect, it } from 'vitest';
import { kindOfPath, namedResources } from './named-resources';

const id = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';

function named(path: string, parts: { params?: object; query?: object; body?: unknown } = {}) {
  const request = { route: { path }, params: {}, query: {}, body: undefined, ...parts };
  const { inPath, inFields } = namedResources(request as Parameters<typeof namedResources>[0]);
  return { inPath, fields: Object.fromEntries(inFields) };
}

describe('namedResources', () => {
  it('finds the id of a path, also further down', () => {
    for (const path of ['/api/v1/runs/:id', '/api/v1/runs/:id/logs/matches']) {
      expect(named(path, { params: { id } }).inPath).toEqual({ kind: 'run', id });
    }
    expect(kindOfPath('/api/v1/runs/views/:id')).toBeUndefined();
    expect(kindOfPath('/api/v1/runs/:idea')).toBeUndefined();
  });

  it('finds what a query and a body name', () => {
    expect(named('/events', { query: { run: id } }).fields).toEqual({ run: { kind: 'run', id } });
    const body = { real_dataset_id: id, synthetic_dataset_id: other, project_id: id };
    expect(named('/api/v1/reports', { body }).fields).toEqual({
      real_dataset_id: { kind: 'dataset', id },
      synthetic_dataset_id: { kind: 'dataset', id: other },
      project_id: { kind: 'project', id },
    });
  });

  it('takes from the body of a request about one thing no more than where it is moved', () => {
    const parts = { params: { id }, body: { run_id: other, project_id: other } };
    expect(named('/api/v1/runs/:id', parts).fields).toEqual({ project_id: { kind: 'project', id: other } });
  });

  it('leaves what is no id to the check of the request, which refuses it', () => {
    const body = { run_id: [id], dataset_id: 'x', project_id: { id } };
    expect(named('/api/v1/reports', { query: { run: [id, other], project: '' }, body }).fields).toEqual({});
    for (const odd of [null, 'text', [{ run_id: id }], 7]) {
      expect(named('/api/v1/reports', { body: odd }).fields).toEqual({});
    }
    expect(named('/api/v1/runs/:id', { params: { id: '../x' } }).inPath).toBeUndefined();
  });
});
