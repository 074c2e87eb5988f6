import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageQuery, PasswordChange, SignIn, User, UserCreate, UserPatch } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../../audit/audit-trail';
import { ProblemException, conflict, notFound, unprocessable } from '../../platform/http/problem';
import type { Principal } from '../access/principal';
import { SessionsService } from '../sessions/sessions.service';
import { OpenStreams } from '../streams/open-streams';
import { Passwords } from './passwords';
import { SignInLimits } from './sign-in-limits';
import { UsersRepository, toUser } from './users.repository';
import type { UserRow } from './users.repository';

/** Users with a password here, and what administrators do to all users. */
@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly limits: SignInLimits,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws ProblemException 401, the same for a wrong name and a wrong password; 429 while locked out. */
  async checkPassword({ name, password }: SignIn, address: string): Promise<UserRow> {
    await this.limits.begin({ name, address });
    const user = await this.users.localByName(name);
    const matches = await this.passwords.matches(password, user?.password_hash ?? undefined);
    if (!user || !matches || user.is_disabled) {
      // Names that nobody has are not repeated: people type passwords into the wrong field.
      const actor = user ? user.name : 'unknown';
      await this.audit.record({
        actor,
        action: 'session.refuse',
        ...(user ? { subject: user.id } : {}),
        detail: { address },
      });
      throw new ProblemException(401, 'The name or the password is wrong.');
    }
    await this.limits.succeeded({ name, address });
    if (user.password_hash !== null && this.passwords.isOutdated(user.password_hash)) {
      await this.users.update(user.id, { passwordHash: await this.passwords.hash(password) });
    }
    await this.users.seen(user.id);
    return user;
  }

  /** Ends all other sessions of the user. @throws ProblemException 401, 409, 429 */
  async changePassword(principal: Principal, change: PasswordChange, address: string): Promise<string[]> {
    const user = await this.require(principal.userId ?? '');
    if (user.source !== 'local') throw conflict('Your password is not kept here; change it where you sign in.');
    await this.checkPassword({ name: user.name, password: change.current_password }, address);
    const passwordHash = await this.passwords.hash(change.new_password);
    const current = principal.credential.kind === 'session' ? principal.credential.id : undefined;
    return this.dataSource.transaction(async (manager) => {
      await this.users.update(user.id, { passwordHash }, manager);
      return this.sessions.closeAllOf(user.id, current, manager);
    });
  }

  async require(id: string): Promise<UserRow> {
    const user = await this.users.byId(id);
    if (!user) throw notFound('user', id);
    return user;
  }
}

/** What administrators do to users. */
@Injectable()
export class UserAdministration {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
    private readonly streams: OpenStreams,
  ) {}

  async page({ limit, cursor }: PageQuery): Promise<Page<User>> {
    const rows = await this.users.list(cursor ?? '', limit + 1);
    const items = rows.slice(0, limit).map(toUser);
    return { items, next_cursor: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
  }

  /** @throws ProblemException 422 where the name is taken or equals the password. */
  async create(request: UserCreate, actor: string): Promise<User> {
    const { name, role } = request;
    refusePasswordLike(name, request.password);
    const passwordHash = await this.passwords.hash(request.password);
    return this.dataSource.transaction(async (manager) => {
      const added = await this.users.insert(
        { name, role, source: 'local', subject: name.toLowerCase(), passwordHash },
        manager,
      );
      if (!added) {
        throw unprocessable(`The name ${JSON.stringify(name)} is taken. Choose another.`, [
          { path: 'name', message: 'is taken' },
        ]);
      }
      await this.audit.record({ actor, action: 'user.create', subject: added.id, detail: { name, role } }, manager);
      return toUser(added);
    });
  }

  /** @throws ProblemException 404, 409 where it would leave nobody to administer, 422 */
  async change(id: string, patch: UserPatch, actor: string): Promise<User> {
    const before = await this.users.byId(id);
    if (!before) throw notFound('user', id);
    refuseForeign(before, patch);
    if (patch.password !== undefined) refusePasswordLike(before.name, patch.password);
    const passwordHash = patch.password === undefined ? undefined : await this.passwords.hash(patch.password);
    const changed = await this.dataSource.transaction(async (manager) => {
      const administrators = await this.users.administrators(manager);
      const steps = (patch.role !== undefined && patch.role !== 'administrator') || patch.is_disabled === true;
      if (steps && administrators.length === 1 && administrators[0] === id) {
        throw conflict('This is the last administrator. Make another one first.');
      }
      await this.users.update(id, { role: patch.role, isDisabled: patch.is_disabled, passwordHash }, manager);
      if (passwordHash !== undefined || patch.is_disabled) await this.sessions.closeAllOf(id, undefined, manager);
      const { password, ...shown } = patch;
      const detail = { name: before.name, ...shown, ...(password === undefined ? {} : { password: 'changed' }) };
      await this.audit.record({ actor, action: 'user.change', subject: id, detail }, manager);
      return this.users.byId(id, manager);
    });
    this.streams.endOfUser(id);
    if (!changed) throw notFound('user', id);
    return toUser(changed);
  }
}

function refuseForeign({ source }: UserRow, patch: UserPatch): void {
  if (source === 'local' || (patch.role === undefined && patch.password === undefined)) return;
  throw conflict(
    'The role and the password of this user are kept where the user signs in; here only access can be shut.',
  );
}

function refusePasswordLike(name: string, password: string): void {
  if (!password.toLowerCase().includes(name.toLowerCase()) || name.length < 4) return;
  throw unprocessable('The password must not contain the name.', [
    { path: 'password', message: 'must not contain the name' },
  ]);
}
