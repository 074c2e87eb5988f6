import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RunView, RunViewCreate } from '@gan-dashboard/shared-types';
import { conflict, notFound } from '../../platform/http/problem';

interface Row {
  id: string;
  created_at: Date;
  name: string;
  state: string;
}

const maxViews = 200;

/** Views of the table of runs that somebody keeps. Without sign-on there is one user, so that all share them. */
@Injectable()
export class RunViews {
  constructor(private readonly dataSource: DataSource) {}

  async list(owner: string): Promise<RunView[]> {
    const rows = await this.dataSource.query<Row[]>(
      'SELECT id, created_at, name, state FROM run_view WHERE owner = $1 ORDER BY lower(name), id',
      [owner],
    );
    return rows.map(toView);
  }

  /** One that has the name already is overwritten. @throws ProblemException 409 when there are too many. */
  async save({ name, state }: RunViewCreate, owner: string): Promise<RunView> {
    const rows = await this.dataSource.query<Row[]>(
      `INSERT INTO run_view (id, created_at, owner, name, state)
       SELECT $1, now(), $2, $3, $4
       WHERE (SELECT count(*) FROM run_view WHERE owner = $2 AND name <> $3) < ${maxViews}
       ON CONFLICT (owner, name) DO UPDATE SET state = excluded.state
       RETURNING id, created_at, name, state`,
      [randomUUID(), owner, name, state],
    );
    const [row] = rows;
    if (!row) throw conflict(`There are ${maxViews} saved views already. Delete one first.`);
    return toView(row);
  }

  /** @throws ProblemException 404, also for the view of somebody else. */
  async remove(id: string, owner: string): Promise<void> {
    const [rows] = await this.dataSource.query<[Row[], number]>(
      'DELETE FROM run_view WHERE id = $1 AND owner = $2 RETURNING id',
      [id, owner],
    );
    if (rows.length === 0) throw notFound('saved view', id);
  }
}

function toView({ id, created_at, name, state }: Row): RunView {
  return { id, created_at: created_at.toISOString(), name, state };
}
