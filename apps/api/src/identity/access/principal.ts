import { includesRole } from '@gan-dashboard/shared-types';
import type { TokenScope, UserRole } from '@gan-dashboard/shared-types';

/** By what a request was recognised; ends what was opened with it when it ends itself. */
export type Credential =
  { kind: 'none' } | { kind: 'session'; id: string } | { kind: 'token'; id: string } | { kind: 'proxy' };

/** Who asks. */
export interface Principal {
  /** Null where there is no sign-on. */
  readonly userId: string | null;
  readonly name: string;
  /** What may be done here: of a token no more than its scopes allow. */
  readonly role: UserRole;
  /** Role of the account itself: of a token, that of its owner. */
  readonly accountRole: UserRole;
  /** No more than this may be done, in whichever project: of a token, what its scopes allow. */
  readonly ceiling: UserRole;
  readonly credential: Credential;
  /** When the credential ends at the latest; null where it does not end by itself. */
  readonly expiresAt: Date | null;
}

const roleOfScope: Readonly<Record<TokenScope, UserRole>> = {
  read: 'viewer',
  train: 'trainer',
  admin: 'administrator',
};

/** The highest role that `scopes` allow, whatever the owner of the token may do. */
export function ceilingOf(scopes: readonly TokenScope[]): UserRole {
  let highest: UserRole = 'viewer';
  for (const scope of scopes) if (includesRole(roleOfScope[scope], highest)) highest = roleOfScope[scope];
  return highest;
}

/** The highest role that `scopes` allow, but none above the `role` of the token's owner. */
export function scopedRole(role: UserRole, scopes: readonly TokenScope[]): UserRole {
  const ceiling = ceilingOf(scopes);
  return includesRole(role, ceiling) ? ceiling : role;
}

/** The roles of somebody who was recognised. @param scopes of the token, where it was one */
export function rolesOfAccount(
  role: UserRole,
  scopes?: readonly TokenScope[],
): Pick<Principal, 'role' | 'accountRole' | 'ceiling'> {
  if (!scopes) return { role, accountRole: role, ceiling: 'administrator' };
  return { role: scopedRole(role, scopes), accountRole: role, ceiling: ceilingOf(scopes) };
}
