import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { UserRole, UserSession } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { rolesOfAccount } from '../access/principal';
import type { Principal } from '../access/principal';
import { hashOf, newSecret } from '../access/secrets';

interface SessionRow {
  id: string;
  user_id: string;
  name: string;
  role: UserRole;
  expires_at: Date;
}

interface ListedSession {
  id: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  user_agent: string | null;
  address: string | null;
}

export interface NewSession {
  userId: string;
  userAgent: string | undefined;
  address: string;
}

/** Sessions of browsers: in the database, known by the hash of what the cookie holds. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
  ) {}

  /** A new secret with each sign-in: one that somebody planted in the browser before is worth nothing. */
  async open(session: NewSession): Promise<{ secret: string; expiresAt: Date }> {
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + this.config.auth.sessionMaxMs);
    await this.dataSource.query(
      `INSERT INTO user_session (secret_hash, user_id, expires_at, user_agent, address) VALUES ($1, $2, $3, $4, $5)`,
      [hashOf(secret), session.userId, expiresAt, session.userAgent?.slice(0, 300) ?? null, session.address],
    );
    return { secret, expiresAt };
  }

  /** Whose session it is, while it lasts; counts as use of it. */
  async find(secret: string): Promise<Principal | undefined> {
    const [row] = await this.dataSource.query<SessionRow[]>(
      `SELECT s.id, s.user_id, u.name, u.role, s.expires_at FROM user_session s JOIN app_user u ON u.id = s.user_id
       WHERE s.secret_hash = $1 AND NOT u.is_disabled AND s.expires_at > now()
         AND s.last_seen_at > now() - make_interval(secs => $2)`,
      [hashOf(secret), this.config.auth.sessionIdleMs / 1_000],
    );
    if (!row) return undefined;
    await this.touch(row.id);
    return {
      userId: row.user_id,
      name: row.name,
      ...rolesOfAccount(row.role),
      credential: { kind: 'session', id: row.id },
      expiresAt: row.expires_at,
    };
  }

  async close(id: string): Promise<void> {
    await this.dataSource.query('DELETE FROM user_session WHERE id = $1', [id]);
  }

  /** @returns the ids of those that were closed. */
  async closeAllOf(
    userId: string,
    except?: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<string[]> {
    const [rows] = await manager.query<[{ id: string }[], number]>(
      'DELETE FROM user_session WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2) RETURNING id',
      [userId, except ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** @returns whether the user had such a session. */
  async closeOneOf(userId: string, id: string): Promise<boolean> {
    const [rows] = await this.dataSource.query<[unknown[], number]>(
      'DELETE FROM user_session WHERE user_id = $1 AND id = $2 RETURNING id',
      [userId, id],
    );
    return rows.length > 0;
  }

  async listOf(userId: string, currentId: string | undefined): Promise<UserSession[]> {
    const rows = await this.dataSource.query<ListedSession[]>(
      `SELECT id, created_at, last_seen_at, expires_at, user_agent, address FROM user_session
       WHERE user_id = $1 AND expires_at > now() AND last_seen_at > now() - make_interval(secs => $2)
       ORDER BY last_seen_at DESC`,
      [userId, this.config.auth.sessionIdleMs / 1_000],
    );
    return rows.map((row) => ({
      ...row,
      created_at: row.created_at.toISOString(),
      last_seen_at: row.last_seen_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
      is_current: row.id === currentId,
    }));
  }

  async removeExpired(): Promise<void> {
    await this.dataSource.query(
      'DELETE FROM user_session WHERE expires_at <= now() OR last_seen_at <= now() - make_interval(secs => $1)',
      [this.config.auth.sessionIdleMs / 1_000],
    );
  }

  /** Writes once in a twentieth of the idle time, a minute at most. */
  private async touch(id: string): Promise<void> {
    const seconds = Math.min(60, this.config.auth.sessionIdleMs / 20_000);
    await this.dataSource.query(
      'UPDATE user_session SET last_seen_at = now() WHERE id = $1 AND last_seen_at < now() - make_interval(secs => $2)',
      [id, seconds],
    );
  }
}
