import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { authModes, userRoles } from '@gan-dashboard/shared-types';
import type { AuthMode, UserRole } from '@gan-dashboard/shared-types';

const names = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
  .transform((name) => name.toLowerCase());
const httpUrl = z.url({ protocol: /^https?$/, error: 'must look like https://gan.example.com' });

export const authSchema = z.object({
  AUTH: z.enum(authModes).default('none'),
  PUBLIC_URL: httpUrl.optional(),
  ALLOWED_HOSTS: names,
  TRUSTED_PROXIES: names,
  ADMIN_NAME: z.string().min(1).max(100).default('admin'),
  ADMIN_PASSWORD_FILE: z.string().optional(),
  SESSION_IDLE_MINUTES: z.coerce.number().min(1).max(525_600).default(720),
  SESSION_MAX_HOURS: z.coerce.number().min(0.1).max(8_760).default(168),
  MAX_STREAMS_PER_USER: z.coerce.number().int().min(1).max(100_000).default(50),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(3_000),
  MAX_STORED_BYTES_PER_USER: z.coerce.number().int().min(0).default(0),
  PROXY_USER_HEADER: headerName.default('x-forwarded-user'),
  PROXY_GROUPS_HEADER: headerName.default('x-forwarded-groups'),
  ADMINISTRATOR_USERS: names,
  ADMINISTRATOR_GROUPS: names,
  TRAINER_GROUPS: names,
  VIEWER_GROUPS: names,
  DEFAULT_ROLE: z.enum(['none', ...userRoles]).default('none'),
  OIDC_ISSUER: httpUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPES: z.string().default('openid profile email'),
  OIDC_GROUPS_CLAIM: z.string().default('groups'),
});
type AuthValues = z.infer<typeof authSchema>;

/** Who is given which role by whoever vouches for them; the highest that fits counts. */
export interface RoleMapping {
  readonly administratorUsers: readonly string[];
  readonly groups: Readonly<Record<UserRole, readonly string[]>>;
  /** Of people in none of the groups; `none`: they are not let in. */
  readonly defaultRole: UserRole | 'none';
}

export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, which PKCE protects. */
  readonly clientSecret: string | undefined;
  readonly scopes: string;
  readonly groupsClaim: string;
}

export interface AuthConfig {
  readonly mode: AuthMode;
  /** Where browsers reach the dashboard, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** Names by which a server without sign-on may be addressed besides those of loopback. */
  readonly allowedHosts: readonly string[];
  /** Addresses whose `X-Forwarded-*` and identity headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly adminName: string;
  /** Of the first administrator; undefined: a token is printed with which to make one. */
  readonly adminPassword: string | undefined;
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
  readonly maxStreamsPerUser: number;
  /** Requests of a user, or of an address that has not signed on; 0: as many as they like. */
  readonly rateLimitPerMinute: number;
  /** Of the data sets and samples that a user has made; 0: as many as there is room for. */
  readonly maxStoredBytesPerUser: number;
  readonly proxyUserHeader: string;
  readonly proxyGroupsHeader: string;
  readonly roles: RoleMapping;
  readonly oidc: OidcConfig | undefined;
}

/** Their values never appear in a message. */
const secrets = ['OIDC_CLIENT_SECRET'];

/** How people sign on, from environment variables; every mistake is a line that names the variable. */
export function readAuthConfig(environment: NodeJS.ProcessEnv): { auth: AuthConfig; mistakes: string[] } {
  const mistakes: string[] = [];
  const given = Object.fromEntries(
    Object.keys(authSchema.shape).map((name) => [name, valueOf(name, environment, mistakes)]),
  );
  const parsed = authSchema.safeParse(given);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const name = path.join('.');
      mistakes.push(`${name}=${secrets.includes(name) ? '(hidden)' : JSON.stringify(given[name])}: ${message}`);
    }
    return { auth: authConfigOf(authSchema.parse({}), undefined), mistakes };
  }
  const values = parsed.data;
  mistakes.push(...addressMistakes(values.TRUSTED_PROXIES), ...modeMistakes(values));
  return { auth: authConfigOf(values, adminPassword(values, mistakes)), mistakes };
}

function authConfigOf(values: AuthValues, password: string | undefined): AuthConfig {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = values;
  return {
    mode: values.AUTH,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
    allowedHosts: values.ALLOWED_HOSTS.map((name) => name.toLowerCase()),
    trustedProxies: values.TRUSTED_PROXIES,
    adminName: values.ADMIN_NAME,
    adminPassword: password,
    sessionIdleMs: values.SESSION_IDLE_MINUTES * 60_000,
    sessionMaxMs: values.SESSION_MAX_HOURS * 3_600_000,
    maxStreamsPerUser: values.MAX_STREAMS_PER_USER,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    maxStoredBytesPerUser: values.MAX_STORED_BYTES_PER_USER,
    proxyUserHeader: values.PROXY_USER_HEADER,
    proxyGroupsHeader: values.PROXY_GROUPS_HEADER,
    roles: {
      administratorUsers: values.ADMINISTRATOR_USERS,
      groups: {
        administrator: values.ADMINISTRATOR_GROUPS,
        trainer: values.TRAINER_GROUPS,
        viewer: values.VIEWER_GROUPS,
      },
      defaultRole: values.DEFAULT_ROLE,
    },
    oidc:
      values.AUTH === 'oidc' && issuer !== undefined && clientId !== undefined
        ? {
            issuer,
            clientId,
            clientSecret: values.OIDC_CLIENT_SECRET,
            scopes: values.OIDC_SCOPES,
            groupsClaim: values.OIDC_GROUPS_CLAIM,
          }
        : undefined,
  };
}

function modeMistakes(values: AuthValues): string[] {
  const mistakes: string[] = [];
  if (values.AUTH === 'proxy' && values.TRUSTED_PROXIES.length === 0) {
    mistakes.push(
      'TRUSTED_PROXIES: name the addresses of the proxy, such as 10.0.0.5,10.1.0.0/16; AUTH=proxy needs it',
    );
  }
  if (values.AUTH === 'oidc') {
    for (const name of ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'PUBLIC_URL'] as const) {
      if (values[name] === undefined) mistakes.push(`${name}: is missing; AUTH=oidc needs it`);
    }
  }
  const admits = [values.ADMINISTRATOR_GROUPS, values.ADMINISTRATOR_USERS, values.TRAINER_GROUPS, values.VIEWER_GROUPS];
  const isMapped = values.AUTH === 'proxy' || values.AUTH === 'oidc';
  if (isMapped && values.DEFAULT_ROLE === 'none' && admits.every((list) => list.length === 0)) {
    mistakes.push(
      'DEFAULT_ROLE="none": nobody could sign in; name ADMINISTRATOR_GROUPS, TRAINER_GROUPS or VIEWER_GROUPS, ' +
        'ADMINISTRATOR_USERS, or give everybody a role by DEFAULT_ROLE=viewer',
    );
  }
  return mistakes;
}

function addressMistakes(addresses: readonly string[]): string[] {
  return addresses
    .filter((address) => !isNetwork(address))
    .map((address) => `TRUSTED_PROXIES: ${JSON.stringify(address)} is neither an address nor one like 10.1.0.0/16`);
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** The addresses as a list that can be asked. */
export function addressList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of addresses) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function valueOf(name: string, environment: NodeJS.ProcessEnv, mistakes: string[]): string | undefined {
  const path = environment[`${name}_FILE`];
  if (environment[name] || !path || !secrets.includes(name)) return environment[name] || undefined;
  return secretIn(`${name}_FILE`, path, mistakes);
}

function adminPassword({ ADMIN_PASSWORD_FILE: path }: AuthValues, mistakes: string[]): string | undefined {
  if (path === undefined) return undefined;
  const password = secretIn('ADMIN_PASSWORD_FILE', path, mistakes);
  if (password !== undefined && password.length < 12) {
    mistakes.push(`ADMIN_PASSWORD_FILE=${JSON.stringify(path)}: the password in it must have 12 characters at least`);
  }
  return password;
}

/** What the file of a secret holds, without blanks around it; says where it cannot be had. */
export function secretIn(name: string, path: string, mistakes: string[]): string | undefined {
  try {
    const content = readFileSync(path, 'utf8').trim();
    if (content !== '') return content;
    mistakes.push(`${name}=${JSON.stringify(path)}: the file is empty`);
  } catch (error) {
    mistakes.push(`${name}=${JSON.stringify(path)}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  return undefined;
}
