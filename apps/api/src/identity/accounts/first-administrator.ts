import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { Setup } from '@gan-dashboard/shared-types';
import { AuditTrail, serverActor } from '../../audit/audit-trail';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ProblemException } from '../../platform/http/problem';
import { hashOf, newSecret } from '../access/secrets';
import { Passwords } from './passwords';
import { UsersRepository } from './users.repository';
import type { UserRow } from './users.repository';

/** Only one process at a time makes the first administrator. */
const setupLock = 7_203_118;

/** Where the token for the first administrator is shown: the terminal or journal, not the log files. */
export const SETUP_OUTPUT = Symbol('SETUP_OUTPUT');
export type SetupOutput = (text: string) => void;
export const standardOutput: SetupOutput = (text) => void process.stdout.write(text);

/** With `AUTH=local` and no user yet: the administrator of `ADMIN_PASSWORD_FILE`, or a token to make one with. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  private readonly logger = new Logger(FirstAdministrator.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly audit: AuditTrail,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth' | 'role'>,
    @Inject(SETUP_OUTPUT) private readonly show: SetupOutput,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { mode, adminName, adminPassword } = this.config.auth;
    if (mode !== 'local' || this.config.role === 'worker' || !(await this.isMissing())) return;
    if (adminPassword === undefined) {
      await this.printToken();
      return;
    }
    const passwordHash = await this.passwords.hash(adminPassword);
    await this.dataSource.transaction((manager) => this.add(manager, adminName, passwordHash));
    this.logger.log(`the administrator ${JSON.stringify(adminName)} was made from ADMIN_PASSWORD_FILE`);
  }

  async isMissing(): Promise<boolean> {
    return this.config.auth.mode === 'local' && !(await this.users.hasLocalUser());
  }

  /** @throws ProblemException 403 for a wrong token, 409 where there is an administrator already. */
  async setUp({ token, name, password }: Setup): Promise<UserRow> {
    const known = await this.dataSource.query<unknown[]>('SELECT 1 FROM setup_token WHERE secret_hash = $1', [
      hashOf(token),
    ]);
    if (known.length === 0) {
      throw new ProblemException(403, 'The setup token is not valid. The server printed it at its start.');
    }
    const passwordHash = await this.passwords.hash(password);
    const user = await this.dataSource.transaction((manager) => this.add(manager, name, passwordHash));
    if (!user) throw new ProblemException(409, 'There is an administrator already. Sign in.');
    return user;
  }

  private async add(manager: EntityManager, name: string, passwordHash: string): Promise<UserRow | undefined> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [setupLock]);
    if (await this.users.hasLocalUser(manager)) return undefined;
    const user = await this.users.insert(
      { name, role: 'administrator', source: 'local', subject: name.toLowerCase(), passwordHash },
      manager,
    );
    if (!user) throw new ProblemException(409, `The name ${JSON.stringify(name)} is taken. Choose another.`);
    await manager.query('DELETE FROM setup_token');
    const detail = { name, role: 'administrator' };
    await this.audit.record({ actor: serverActor, action: 'user.create', subject: user.id, detail }, manager);
    return user;
  }

  private async printToken(): Promise<void> {
    const token = newSecret();
    await this.dataSource.query('INSERT INTO setup_token (secret_hash) VALUES ($1)', [hashOf(token)]);
    this.show(
      `\n  There is no administrator yet. Open the dashboard and make one with this token:\n\n      ${token}\n\n` +
        '  It works until an administrator is made.\n',
    );
  }
}
