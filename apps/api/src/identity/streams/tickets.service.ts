import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { StreamTicket, TokenScope, UserRole } from '@gan-dashboard/shared-types';
import { rolesOfAccount } from '../access/principal';
import type { Principal } from '../access/principal';
import { hashOf, newSecret } from '../access/secrets';

const lifetimeMs = 30_000;

interface TicketRow {
  user_id: string;
  name: string;
  role: UserRole;
  session_id: string | null;
  token_id: string | null;
  scopes: TokenScope[] | null;
  expires_at: Date | null;
}

/** For clients that can send neither a cookie nor a header: a ticket opens one stream, once, within 30 s. */
@Injectable()
export class TicketsService {
  constructor(private readonly dataSource: DataSource) {}

  async issue({ userId, credential }: Principal): Promise<StreamTicket> {
    const ticket = newSecret();
    const expiresAt = new Date(Date.now() + lifetimeMs);
    await this.dataSource.query('DELETE FROM stream_ticket WHERE expires_at <= now()');
    await this.dataSource.query(
      `INSERT INTO stream_ticket (secret_hash, user_id, session_id, token_id, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      [
        hashOf(ticket),
        userId,
        credential.kind === 'session' ? credential.id : null,
        credential.kind === 'token' ? credential.id : null,
        expiresAt,
      ],
    );
    return { ticket, expires_at: expiresAt.toISOString() };
  }

  /** Whose ticket it is; it is used up. The stream lives as long as what the ticket was made with. */
  async redeem(ticket: string): Promise<Principal | undefined> {
    const [row] = await this.dataSource.query<TicketRow[]>(
      `WITH used AS (DELETE FROM stream_ticket WHERE secret_hash = $1 AND expires_at > now() RETURNING *)
       SELECT used.user_id, u.name, u.role, used.session_id, used.token_id, t.scopes,
         coalesce(s.expires_at, t.expires_at) AS expires_at
       FROM used JOIN app_user u ON u.id = used.user_id AND NOT u.is_disabled
       LEFT JOIN user_session s ON s.id = used.session_id
       LEFT JOIN api_token t ON t.id = used.token_id
       WHERE (s.expires_at IS NULL OR s.expires_at > now()) AND (t.expires_at IS NULL OR t.expires_at > now())`,
      [hashOf(ticket)],
    );
    if (!row) return undefined;
    const { session_id: sessionId, token_id: tokenId } = row;
    const base = { userId: row.user_id, name: row.name, expiresAt: row.expires_at };
    if (sessionId !== null)
      return { ...base, ...rolesOfAccount(row.role), credential: { kind: 'session', id: sessionId } };
    if (tokenId === null) return { ...base, ...rolesOfAccount(row.role), credential: { kind: 'proxy' } };
    return { ...base, ...rolesOfAccount(row.role, row.scopes ?? []), credential: { kind: 'token', id: tokenId } };
  }
}
