import { AsyncLocalStorage } from 'node:async_hooks';
import type { UserRole } from '@gan-dashboard/shared-types';

/** Who acts while there is no sign-on: everybody who reaches the server. */
export const localUser = 'local';

/** Ids of the projects in which at least this role is had; undefined: all projects, those to come among them. */
export type ProjectReach = (role: UserRole) => readonly string[] | undefined;

interface Acting {
  user: string | undefined;
  reach: ProjectReach;
}

const nowhere: ProjectReach = () => [];
const everywhere: ProjectReach = () => undefined;
const acting = new AsyncLocalStorage<Acting>();

/** Everything that `work` gives rise to belongs to one request; who asks is said by `setActingUser`. */
export function withinRequest<Result>(work: () => Result): Result {
  return acting.run({ user: undefined, reach: nowhere }, work);
}

/** Everything that `work` gives rise to is done by `user`. */
export function actAs<Result>(user: string, work: () => Result): Result {
  return acting.run({ user, reach: everywhere }, work);
}

/** @throws Error outside of a request. */
export function setActingUser(user: string, reach: ProjectReach): void {
  const current = acting.getStore();
  if (!current) throw new Error('there is no request that a user could act in');
  current.user = user;
  current.reach = reach;
}

/** Name of whoever asked for what is being done: it stands in the audit trail. @throws Error where nobody did. */
export function actingUser(): string {
  const user = acting.getStore()?.user;
  if (user === undefined) throw new Error('nobody acts here: the request has not passed the access guard');
  return user;
}

/**
 * The projects whose runs and data sets a list may show: those in which whoever asks has the role. Undefined: all of
 * them; so it is for administrators, without sign-on, and for what the server does by itself.
 */
export function projectsInReach(role: UserRole = 'viewer'): readonly string[] | undefined {
  return acting.getStore()?.reach(role);
}

/**
 * SQL condition on a column that names a project, for lists: it leaves out what whoever asks may not see.
 *
 * @param add takes a value of the query and gives its placeholder
 */
export function inReach(column: string, add: (value: unknown) => string, role: UserRole = 'viewer'): string {
  const projects = projectsInReach(role);
  return projects === undefined ? 'TRUE' : `${column} = ANY (${add(projects)}::uuid[])`;
}
