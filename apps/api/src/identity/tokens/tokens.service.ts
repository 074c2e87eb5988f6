import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiToken, ApiTokenCreate, CreatedApiToken, TokenScope, UserRole } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../../audit/audit-trail';
import { notFound } from '../../platform/http/problem';
import { rolesOfAccount } from '../access/principal';
import type { Principal } from '../access/principal';
import { hashOf, newSecret } from '../access/secrets';
import { OpenStreams } from '../streams/open-streams';

/** By which a token is known for one of ours, also by scanners for leaked secrets. */
export const tokenPrefix = 'gand_';

interface TokenRow {
  id: string;
  name: string;
  scopes: TokenScope[];
  hint: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

interface KnownToken {
  id: string;
  scopes: TokenScope[];
  expires_at: Date | null;
  user_id: string;
  name: string;
  role: UserRole;
}

const columns = 'id, name, scopes, hint, created_at, expires_at, last_used_at';

/** Tokens for programs: shown once, kept as a hash. */
@Injectable()
export class TokensService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly streams: OpenStreams,
  ) {}

  async listOf(userId: string): Promise<ApiToken[]> {
    const rows = await this.dataSource.query<TokenRow[]>(
      `SELECT ${columns} FROM api_token WHERE user_id = $1 ORDER BY created_at DESC, id`,
      [userId],
    );
    return rows.map(toApiToken);
  }

  async create(user: { id: string; name: string }, request: ApiTokenCreate): Promise<CreatedApiToken> {
    const token = `${tokenPrefix}${newSecret()}`;
    const scopes = [...new Set(request.scopes)];
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<TokenRow[]>(
        `INSERT INTO api_token (secret_hash, user_id, name, scopes, hint, expires_at)
         VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6)) RETURNING ${columns}`,
        [hashOf(token), user.id, request.name, scopes, token.slice(-4), request.expires_in_days],
      );
      if (!row) throw new Error('a token was not kept');
      const detail = { name: request.name, scopes, expires_in_days: request.expires_in_days };
      await this.audit.record({ actor: user.name, action: 'token.create', subject: row.id, detail }, manager);
      return { ...toApiToken(row), token };
    });
  }

  /** @throws ProblemException 404 for a token that the user does not have. */
  async revoke(user: { id: string; name: string }, id: string): Promise<void> {
    const [rows] = await this.dataSource.query<[{ name: string }[], number]>(
      'DELETE FROM api_token WHERE id = $1 AND user_id = $2 RETURNING name',
      [id, user.id],
    );
    const [row] = rows;
    if (!row) throw notFound('token', id);
    this.streams.endOf([id]);
    await this.audit.record({ actor: user.name, action: 'token.revoke', subject: id, detail: { name: row.name } });
  }

  /** Whose token it is, while it is valid; counts as use of it. */
  async find(token: string): Promise<Principal | undefined> {
    if (!token.startsWith(tokenPrefix)) return undefined;
    const [row] = await this.dataSource.query<KnownToken[]>(
      `SELECT t.id, t.scopes, t.expires_at, u.id AS user_id, u.name, u.role
       FROM api_token t JOIN app_user u ON u.id = t.user_id
       WHERE t.secret_hash = $1 AND NOT u.is_disabled AND (t.expires_at IS NULL OR t.expires_at > now())`,
      [hashOf(token)],
    );
    if (!row) return undefined;
    await this.dataSource.query(
      `UPDATE api_token SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [row.id],
    );
    return {
      userId: row.user_id,
      name: row.name,
      ...rolesOfAccount(row.role, row.scopes),
      credential: { kind: 'token', id: row.id },
      expiresAt: row.expires_at,
    };
  }
}

function toApiToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    hint: row.hint,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}
