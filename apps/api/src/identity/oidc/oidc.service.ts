import { Inject, Injectable, Logger } from '@nestjs/common';
import * as client from 'openid-client';
import { DataSource } from 'typeorm';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import type { OidcConfig } from '../../platform/configuration/auth-config';
import { ProblemException, conflict } from '../../platform/http/problem';
import { hashOf, newSecret } from '../access/secrets';
import { ExternalUsers, roleFor } from '../accounts/external-users';
import type { UserRow } from '../accounts/users.repository';

interface AttemptRow {
  code_verifier: string;
  nonce: string;
  return_to: string;
}

type Claims = Record<string, unknown>;

/** Authorization code flow with PKCE (RFC 9700), state and nonce, bound to the browser that began it. */
@Injectable()
export class OidcService {
  private readonly logger = new Logger(OidcService.name);
  private discovered: Promise<client.Configuration> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly users: ExternalUsers,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
  ) {}

  /** @returns where to send the browser, and what to keep in it until it comes back. */
  async begin(returnTo: string): Promise<{ location: string; browserSecret: string }> {
    const oidc = this.requireOidc();
    const provider = await this.provider(oidc);
    const [state, nonce, browserSecret] = [newSecret(), newSecret(), newSecret()];
    const codeVerifier = client.randomPKCECodeVerifier();
    await this.dataSource.query('DELETE FROM oidc_attempt WHERE expires_at <= now()');
    await this.dataSource.query(
      `INSERT INTO oidc_attempt (state_hash, browser_hash, code_verifier, nonce, return_to, expires_at)
       VALUES ($1, $2, $3, $4, $5, now() + interval '10 minutes')`,
      [hashOf(state), hashOf(browserSecret), codeVerifier, nonce, returnTo],
    );
    const location = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.redirectUri,
      scope: oidc.scopes,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    return { location: location.href, browserSecret };
  }

  /**
   * @param query of the address that the provider sent the browser to.
   * @throws ProblemException 401 for an answer that was not asked for in this browser, or that does not hold; 403 for
   *   people who may not use the dashboard.
   */
  async finish(
    query: URLSearchParams,
    browserSecret: string | undefined,
  ): Promise<{ user: UserRow; returnTo: string }> {
    const oidc = this.requireOidc();
    const state = query.get('state') ?? '';
    const attempt = browserSecret === undefined ? undefined : await this.take(state, browserSecret);
    if (!attempt) {
      throw new ProblemException(401, 'This sign-in was not begun in this browser, or took too long. Begin again.');
    }
    const claims = await this.claimsOf(query, { state, attempt, oidc });
    return { user: await this.admit(claims, oidc), returnTo: attempt.return_to };
  }

  private async take(state: string, browserSecret: string): Promise<AttemptRow | undefined> {
    const [rows] = await this.dataSource.query<[AttemptRow[], number]>(
      `DELETE FROM oidc_attempt WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > now()
       RETURNING code_verifier, nonce, return_to`,
      [hashOf(state), hashOf(browserSecret)],
    );
    return rows[0];
  }

  private async claimsOf(
    query: URLSearchParams,
    { state, attempt, oidc }: { state: string; attempt: AttemptRow; oidc: OidcConfig },
  ): Promise<Claims> {
    const provider = await this.provider(oidc);
    try {
      const tokens = await client.authorizationCodeGrant(provider, new URL(`${this.redirectUri}?${query.toString()}`), {
        pkceCodeVerifier: attempt.code_verifier,
        expectedState: state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      const claims: Claims = { ...tokens.claims() };
      if (oidc.groupsClaim in claims || provider.serverMetadata().userinfo_endpoint === undefined) return claims;
      const subject = typeof claims['sub'] === 'string' ? claims['sub'] : '';
      return { ...claims, ...(await client.fetchUserInfo(provider, tokens.access_token, subject)) };
    } catch (error) {
      // Codes and tokens stand in the error's cause: only its message is written.
      this.logger.warn(`a sign-in was refused: ${error instanceof Error ? error.message : 'unknown error'}`);
      throw new ProblemException(401, 'The provider did not confirm the sign-in. Begin again.');
    }
  }

  private async admit(claims: Claims, oidc: OidcConfig): Promise<UserRow> {
    const name = firstText(claims['preferred_username'], claims['email'], claims['name'], claims['sub']);
    const groups = claims[oidc.groupsClaim];
    const listed = Array.isArray(groups)
      ? groups.filter((group) => typeof group === 'string')
      : [groups].flatMap(words);
    const role = roleFor(this.config.auth.roles, name, listed);
    if (role === undefined) {
      throw new ProblemException(403, `${name} is in none of the groups that may use this dashboard.`);
    }
    const subject = `${firstText(claims['iss'])} ${firstText(claims['sub'])}`;
    const user = await this.users.admit({ source: 'oidc', subject, name: name.slice(0, 100), role });
    if (!user) throw new ProblemException(403, `An administrator has shut ${name} out.`);
    return user;
  }

  private requireOidc(): OidcConfig {
    const { oidc, mode } = this.config.auth;
    if (!oidc) throw conflict(`Nobody signs in with a provider here (AUTH=${mode}).`);
    return oidc;
  }

  private get redirectUri(): string {
    return `${this.config.auth.publicUrl ?? ''}/api/v1/session/oidc/callback`;
  }

  /** Asked for once; again after a failure, so that the provider may be started after this server. */
  private async provider({ issuer, clientId, clientSecret }: OidcConfig): Promise<client.Configuration> {
    this.discovered ??= client.discovery(
      new URL(issuer),
      clientId,
      clientSecret,
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
      issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : undefined,
    );
    try {
      return await this.discovered;
    } catch (error) {
      this.discovered = undefined;
      this.logger.error(`the provider cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
      throw new ProblemException(503, 'The provider that signs people on does not answer. Try again later.');
    }
  }
}

function firstText(...values: unknown[]): string {
  for (const value of values) if (typeof value === 'string' && value !== '') return value;
  return '';
}

/** Some providers put the groups into one text. */
function words(value: unknown): string[] {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter((word) => word !== '') : [];
}
