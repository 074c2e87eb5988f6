import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { User, UserRole } from '@gan-dashboard/shared-types';

export interface UserRow {
  id: string;
  name: string;
  role: UserRole;
  source: User['source'];
  subject: string;
  password_hash: string | null;
  is_disabled: boolean;
  created_at: Date;
  last_seen_at: Date | null;
}

export interface NewUser {
  name: string;
  role: UserRole;
  source: User['source'];
  subject: string;
  passwordHash?: string;
}

const columns = 'id, name, role, source, subject, password_hash, is_disabled, created_at, last_seen_at';

@Injectable()
export class UsersRepository {
  constructor(private readonly dataSource: DataSource) {}

  async byId(id: string, manager: EntityManager = this.dataSource.manager): Promise<UserRow | undefined> {
    const [row] = await manager.query<UserRow[]>(`SELECT ${columns} FROM app_user WHERE id = $1`, [id]);
    return row;
  }

  async localByName(name: string): Promise<UserRow | undefined> {
    const [row] = await this.dataSource.query<UserRow[]>(
      `SELECT ${columns} FROM app_user WHERE source = 'local' AND lower(name) = lower($1)`,
      [name],
    );
    return row;
  }

  async bySubject(source: User['source'], subject: string): Promise<UserRow | undefined> {
    const [row] = await this.dataSource.query<UserRow[]>(
      `SELECT ${columns} FROM app_user WHERE source = $1 AND subject = $2`,
      [source, subject],
    );
    return row;
  }

  /** By name, after the name `after`. */
  list(after: string, limit: number): Promise<UserRow[]> {
    return this.dataSource.query<UserRow[]>(
      `SELECT ${columns} FROM app_user WHERE lower(name) COLLATE "C" > lower($1) COLLATE "C"
       ORDER BY lower(name) COLLATE "C" LIMIT $2`,
      [after, limit],
    );
  }

  /** @returns undefined where the name or the subject is taken. */
  async insert(user: NewUser, manager: EntityManager = this.dataSource.manager): Promise<UserRow | undefined> {
    const [row] = await manager.query<UserRow[]>(
      `INSERT INTO app_user (name, role, source, subject, password_hash) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING ${columns}`,
      [user.name, user.role, user.source, user.subject, user.passwordHash ?? null],
    );
    return row;
  }

  async update(
    id: string,
    changes: { role?: UserRole | undefined; isDisabled?: boolean | undefined; passwordHash?: string | undefined },
    manager: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    await manager.query(
      `UPDATE app_user SET role = coalesce($2, role), is_disabled = coalesce($3, is_disabled),
         password_hash = coalesce($4, password_hash) WHERE id = $1`,
      [id, changes.role ?? null, changes.isDisabled ?? null, changes.passwordHash ?? null],
    );
  }

  /** Writes at most once a minute. */
  async seen(id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE app_user SET last_seen_at = now()
       WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute')`,
      [id],
    );
  }

  /** Administrators that can sign in; locks their rows, so that two at once cannot remove each other. */
  async administrators(manager: EntityManager): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM app_user WHERE role = 'administrator' AND NOT is_disabled AND source = 'local' FOR UPDATE`,
    );
    return rows.map(({ id }) => id);
  }

  async hasLocalUser(manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows = await manager.query<unknown[]>(`SELECT 1 FROM app_user WHERE source = 'local' LIMIT 1`);
    return rows.length > 0;
  }
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    source: row.source,
    is_disabled: row.is_disabled,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
  };
}
