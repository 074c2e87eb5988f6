import * as z from 'zod';
import { idSchema, pageSchema, timestampSchema } from './common';

/** How people sign on; `none`: whoever reaches the server may do everything. */
export const authModes = ['none', 'local', 'proxy', 'oidc'] as const;
export type AuthMode = (typeof authModes)[number];

/** From least to most: each may do what those before it may. */
export const userRoles = ['viewer', 'trainer', 'administrator'] as const;
export const userRoleSchema = z.enum(userRoles).meta({ id: 'UserRole' });
export type UserRole = z.infer<typeof userRoleSchema>;

/** What an API token may be used for; never for more than its owner may do. */
export const tokenScopes = ['read', 'train', 'admin'] as const;
export const tokenScopeSchema = z.enum(tokenScopes).meta({ id: 'TokenScope' });
export type TokenScope = z.infer<typeof tokenScopeSchema>;

/** Does `role` include what `needed` may do? */
export function includesRole(role: UserRole, needed: UserRole): boolean {
  return userRoles.indexOf(role) >= userRoles.indexOf(needed);
}

const userNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // eslint-disable-next-line no-control-regex -- a name stands in one line of the audit trail
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not contain control characters');
/** The longest is bounded because each is hashed, which costs time. */
const newPasswordSchema = z.string().min(12, 'must have 12 characters at least').max(1_000);

/** Who asks, and how one signs on here. */
export const sessionStateSchema = z
  .object({
    auth: z.enum(authModes),
    user: z.object({ id: idSchema.nullable(), name: z.string(), role: userRoleSchema }).nullable(),
    /** There is no administrator yet: the first one is made with the token that the server printed at its start. */
    setup_required: z.boolean(),
    /** When the session ends at the latest; null where there is none. */
    expires_at: timestampSchema.nullable(),
  })
  .meta({ id: 'SessionState' });
export type SessionState = z.infer<typeof sessionStateSchema>;

export const signInSchema = z.object({ name: userNameSchema, password: z.string().min(1).max(1_000) });
export type SignIn = z.infer<typeof signInSchema>;

export const setupSchema = z.object({
  token: z.string().min(1).max(200),
  name: userNameSchema,
  password: newPasswordSchema,
});
export type Setup = z.infer<typeof setupSchema>;

export const passwordChangeSchema = z.object({
  current_password: z.string().min(1).max(1_000),
  new_password: newPasswordSchema,
});
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

export const signOutQuerySchema = z.object({ everywhere: z.enum(['true', 'false']).default('false') });
export type SignOutQuery = z.infer<typeof signOutQuerySchema>;

/** Opens one stream or WebSocket, once, as the query parameter `ticket`. */
export const streamTicketSchema = z
  .object({ ticket: z.string(), expires_at: timestampSchema })
  .meta({ id: 'StreamTicket' });
export type StreamTicket = z.infer<typeof streamTicketSchema>;

export const userSessionSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    last_seen_at: timestampSchema,
    expires_at: timestampSchema,
    user_agent: z.string().nullable(),
    address: z.string().nullable(),
    is_current: z.boolean(),
  })
  .meta({ id: 'UserSession' });
export type UserSession = z.infer<typeof userSessionSchema>;
export const userSessionListSchema = z.object({ items: z.array(userSessionSchema) }).meta({ id: 'UserSessionList' });

export const apiTokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    scopes: z.array(tokenScopeSchema),
    /** Last characters of the token, to tell it from others. */
    hint: z.string(),
    created_at: timestampSchema,
    /** Null: it does not expire. */
    expires_at: timestampSchema.nullable(),
    last_used_at: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof apiTokenSchema>;
export const apiTokenListSchema = z.object({ items: z.array(apiTokenSchema) }).meta({ id: 'ApiTokenList' });

export const apiTokenCreateSchema = z.object({
  name: userNameSchema,
  scopes: z.array(tokenScopeSchema).min(1).max(tokenScopes.length),
  /** Null: it does not expire. */
  expires_in_days: z.int().min(1).max(3_650).nullable().default(90),
});
export type ApiTokenCreate = z.infer<typeof apiTokenCreateSchema>;

/** The only answer that holds the token itself. */
export const createdApiTokenSchema = apiTokenSchema.extend({ token: z.string() }).meta({ id: 'CreatedApiToken' });
export type CreatedApiToken = z.infer<typeof createdApiTokenSchema>;

export const userSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    role: userRoleSchema,
    /** Who vouches for the user; of all but `local`, the role follows their groups. */
    source: z.enum(['local', 'proxy', 'oidc']),
    is_disabled: z.boolean(),
    created_at: timestampSchema,
    last_seen_at: timestampSchema.nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof userSchema>;
export const userPageSchema = pageSchema(userSchema, 'UserPage');

export const userCreateSchema = z.object({ name: userNameSchema, role: userRoleSchema, password: newPasswordSchema });
export type UserCreate = z.infer<typeof userCreateSchema>;

export const userPatchSchema = z
  .object({
    role: userRoleSchema.optional(),
    is_disabled: z.boolean().optional(),
    /** Ends the sessions of the user. */
    password: newPasswordSchema.optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'names nothing to change');
export type UserPatch = z.infer<typeof userPatchSchema>;
