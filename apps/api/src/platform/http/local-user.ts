import { AsyncLocalStorage } from 'node:async_hooks';

/** Who acts while there is no sign-on: everybody who reaches the server. */
export const localUser = 'local';

interface Acting {
  user: string | undefined;
}

const acting = new AsyncLocalStorage<Acting>();

/** Everything that `work` gives rise to belongs to one request; who asks is said by `setActingUser`. */
export function withinRequest<Result>(work: () => Result): Result {
  return acting.run({ user: undefined }, work);
}

/** Everything that `work` gives rise to is done by `user`. */
export function actAs<Result>(user: string, work: () => Result): Result {
  return acting.run({ user }, work);
}

/** @throws Error outside of a request. */
export function setActingUser(user: string): void {
  const current = acting.getStore();
  if (!current) throw new Error('there is no request that a user could act in');
  current.user = user;
}

/** Name of whoever asked for what is being done: it stands in the audit trail. @throws Error where nobody did. */
export function actingUser(): string {
  const user = acting.getStore()?.user;
  if (user === undefined) throw new Error('nobody acts here: the request has not passed the access guard');
  return user;
}
