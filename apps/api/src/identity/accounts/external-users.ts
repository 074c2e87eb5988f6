import { Injectable } from '@nestjs/common';
import { includesRole, userRoles } from '@gan-dashboard/shared-types';
import type { User, UserRole } from '@gan-dashboard/shared-types';
import type { RoleMapping } from '../../platform/configuration/auth-config';
import { UsersRepository } from './users.repository';
import type { UserRow } from './users.repository';

/** Somebody whom a proxy or a provider vouches for. */
export interface VouchedUser {
  source: Exclude<User['source'], 'local'>;
  subject: string;
  name: string;
  role: UserRole;
}

/** The highest role that a name or its groups are given; undefined: not let in. */
export function roleFor(mapping: RoleMapping, name: string, groups: readonly string[]): UserRole | undefined {
  if (mapping.administratorUsers.includes(name)) return 'administrator';
  const given = [...userRoles].reverse().find((role) => mapping.groups[role].some((group) => groups.includes(group)));
  const fallback = mapping.defaultRole === 'none' ? undefined : mapping.defaultRole;
  if (given === undefined || fallback === undefined) return given ?? fallback;
  return includesRole(given, fallback) ? given : fallback;
}

/** Keeps users that others vouch for: their tokens, and whether they were shut out here, belong to them. */
@Injectable()
export class ExternalUsers {
  constructor(private readonly users: UsersRepository) {}

  /** The user as known here, with the role of now; undefined where an administrator has shut the user out. */
  async admit(vouched: VouchedUser): Promise<UserRow | undefined> {
    const { source, subject, role } = vouched;
    const known = (await this.users.bySubject(source, subject)) ?? (await this.add(vouched));
    if (known.is_disabled) return undefined;
    if (known.role !== role) await this.users.update(known.id, { role });
    await this.users.seen(known.id);
    return { ...known, role };
  }

  /** A name that somebody else has gets a number: names stand in the audit trail and must tell people apart. */
  private async add({ source, subject, name, role }: VouchedUser): Promise<UserRow> {
    for (let number = 1; number <= 100; number++) {
      const unique = number === 1 ? name : `${name} (${number})`;
      const added = await this.users.insert({ name: unique, role, source, subject });
      if (added) return added;
      const known = await this.users.bySubject(source, subject);
      if (known) return known;
    }
    throw new Error('a user could not be added: a hundred others have the same name');
  }
}
