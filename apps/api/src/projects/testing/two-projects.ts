import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { DataSource } from 'typeorm';
import { projectDetailSchema, runSchema } from '@gan-dashboard/shared-types';
import type { ProjectDetail, Run, UserRole } from '@gan-dashboard/shared-types';
import type { ResourceKind } from '../../identity/access/resource-projects';
import type { Browser } from '../../identity/testing/identity-client';
import type { TestApp } from '../../testing/test-app';

export async function newProject(administrator: Browser, name: string, isOpen = false): Promise<ProjectDetail> {
  const response = await administrator.send('POST', '/api/v1/projects', { name, is_open: isOpen });
  expect(response.status).toBe(201);
  return projectDetailSchema.parse(await response.json());
}

export async function addMember(by: Browser, projectId: string, name: string, role: UserRole): Promise<ProjectDetail> {
  const response = await by.send('PUT', `/api/v1/projects/${projectId}/members`, { name, role });
  expect(response.status).toBe(200);
  return projectDetailSchema.parse(await response.json());
}

export async function newExternalRun(by: Browser, body: Record<string, unknown>): Promise<Run> {
  const response = await by.send('POST', '/api/v1/runs', { origin: 'external', ...body });
  expect(response.status).toBe(201);
  return runSchema.parse(await response.json());
}

/** Tells of an epoch, as the program of an external run does. */
export async function report(by: Browser, runId: string, epoch: number): Promise<void> {
  const event = { type: 'training_update', data: { epoch, total_epochs: 100, step: epoch, generator_loss: 1 / epoch } };
  const response = await by.send('POST', `/api/v1/runs/${runId}/events`, [event]);
  expect(await response.json()).toMatchObject({ accepted: 1 });
}

/** One thing of each kind in a project, with a word that stands in all that is told of them. */
export async function fillProject(
  { app }: TestApp,
  projectId: string,
  word: string,
): Promise<Record<ResourceKind, string>> {
  const [dataset, run, checkpoint, sample, report] = Array.from({ length: 5 }, () => randomUUID()) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const dataSource = app.get(DataSource);
  await dataSource.query(
    `INSERT INTO dataset (id, created_at, created_by, name, file_name, origin, status, size_bytes, sha256, row_count, project_id)
     VALUES ($1, now(), $2, $2, $2 || '.csv', 'upload', 'failed', 1, $2, 10, $3)`,
    [dataset, word, projectId],
  );
  await dataSource.query(
    `INSERT INTO run (id, created_at, created_by, name, status, model, config, dataset_id, seed, total_epochs, tags, project_id)
     VALUES ($1, now(), $2, $2, 'completed', $2, jsonb_build_object($2::text, 1), $3, 1, 10, jsonb_build_array($2::text), $4)`,
    [run, word, dataset, projectId],
  );
  await dataSource.query(
    `INSERT INTO checkpoint (id, created_at, run_id, epoch, step, file_name, size_bytes, sha256)
     VALUES ($1, now(), $2, 1, 1, $3, 1, $3)`,
    [checkpoint, run, word],
  );
  await dataSource.query(
    `INSERT INTO sample (id, created_at, run_id, checkpoint_id, rows, seed, format, status, columns)
     VALUES ($1, now(), $2, $3, 1, 1, 'csv', 'ready', jsonb_build_array($4::text))`,
    [sample, run, checkpoint, word],
  );
  await dataSource.query(
    `INSERT INTO report (id, created_at, created_by, title, real_dataset_id, synthetic_dataset_id, seed, status)
     VALUES ($1, now(), $2, $2, $3, $3, 1, 'failed')`,
    [report, word, dataset],
  );
  return { project: projectId, dataset, run, checkpoint, sample, report };
}
