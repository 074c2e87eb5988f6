import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TokenScope, UserRole } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { scopedRole } from '../access/principal';
import type { Principal } from '../access/principal';

/** What still holds of people who were recognised a while ago. */
@Injectable()
export class CredentialsRepository {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
  ) {}

  /** Those whose session or token has ended, or who may no longer do what they might. */
  async endedOf(principals: readonly Principal[]): Promise<Set<Principal>> {
    const sessions = await this.rolesOfSessions(idsOf(principals, 'session'));
    const tokens = await this.rolesOfTokens(idsOf(principals, 'token'));
    const users = await this.rolesOfUsers(principals.flatMap(({ userId }) => userId ?? []));
    const roleNow = ({ credential, userId, role }: Principal): UserRole | undefined => {
      if (credential.kind === 'session') return sessions.get(credential.id);
      if (credential.kind === 'token') return tokens.get(credential.id);
      // A proxy names the groups with each request: only whether the user is still let in is known here.
      return userId === null || users.has(userId) ? role : undefined;
    };
    return new Set(principals.filter((principal) => roleNow(principal) !== principal.role));
  }

  private async rolesOfSessions(ids: readonly string[]): Promise<Map<string, UserRole>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<{ id: string; role: UserRole }[]>(
      `SELECT s.id, u.role FROM user_session s JOIN app_user u ON u.id = s.user_id
       WHERE s.id = ANY($1::uuid[]) AND NOT u.is_disabled AND s.expires_at > now()
         AND s.last_seen_at > now() - make_interval(secs => $2)`,
      [ids, this.config.auth.sessionIdleMs / 1_000],
    );
    return new Map(rows.map(({ id, role }) => [id, role]));
  }

  private async rolesOfTokens(ids: readonly string[]): Promise<Map<string, UserRole>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<{ id: string; role: UserRole; scopes: TokenScope[] }[]>(
      `SELECT t.id, u.role, t.scopes FROM api_token t JOIN app_user u ON u.id = t.user_id
       WHERE t.id = ANY($1::uuid[]) AND NOT u.is_disabled AND (t.expires_at IS NULL OR t.expires_at > now())`,
      [ids],
    );
    return new Map(rows.map(({ id, role, scopes }) => [id, scopedRole(role, scopes)]));
  }

  private async rolesOfUsers(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.dataSource.query<{ id: string }[]>(
      'SELECT id FROM app_user WHERE id = ANY($1::uuid[]) AND NOT is_disabled',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

function idsOf(principals: readonly Principal[], kind: 'session' | 'token'): string[] {
  return [...new Set(principals.flatMap(({ credential }) => (credential.kind === kind ? credential.id : [])))];
}
