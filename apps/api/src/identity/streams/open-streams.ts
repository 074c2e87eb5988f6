import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ProblemException } from '../../platform/http/problem';
import type { Principal } from '../access/principal';
import { ProjectAccess } from '../access/project-access';
import type { ProjectPrincipal } from '../access/project-access';
import type { ProjectRoles } from '../access/project-roles';
import { CredentialsRepository } from './credentials.repository';

/** Injection token of the time between two looks, in ms. */
export const STREAM_CHECK_MS = Symbol('STREAM_CHECK_MS');
const defaultCheckMs = 5_000;

interface HeldStream {
  principal: Principal;
  /** As they were when it was opened. */
  roles: ProjectRoles;
  end: () => void;
}

/** The streams that people have open: no more than allowed each, and none longer than its session or token. */
@Injectable()
export class OpenStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenStreams.name);
  private readonly streams = new Set<HeldStream>();
  private timer: NodeJS.Timeout | undefined;
  private isChecking = false;

  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly projects: ProjectAccess,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
    @Optional() @Inject(STREAM_CHECK_MS) private readonly checkMs: number = defaultCheckMs,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.auth.mode === 'none') return;
    this.timer = setInterval(() => void this.check(), this.checkMs).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * @param end ends the stream; called once, when its session does.
   * @returns a function to call when the stream has ended by itself.
   * @throws ProblemException 429 when the user has as many streams as allowed.
   */
  hold({ principal, roles }: ProjectPrincipal, end: () => void): () => void {
    const { userId } = principal;
    if (userId === null) return () => undefined;
    const { maxStreamsPerUser } = this.config.auth;
    if ([...this.streams].filter((stream) => stream.principal.userId === userId).length >= maxStreamsPerUser) {
      throw new ProblemException(429, `${maxStreamsPerUser} streams of yours are open here; close one first.`);
    }
    const stream: HeldStream = { principal, roles, end };
    this.streams.add(stream);
    return () => void this.streams.delete(stream);
  }

  /** Ends what these sessions or tokens opened here; other replicas see it at their next look. */
  endOf(credentialIds: readonly string[]): void {
    this.endWhere(({ credential }) => 'id' in credential && credentialIds.includes(credential.id));
  }

  /** Ends all streams of a user, whose reconnecting clients are then seen as they are now. */
  endOfUser(userId: string): void {
    this.endWhere((principal) => principal.userId === userId);
  }

  /** Ends those of people who may see other projects now; other replicas see it at their next look. */
  async endChanged(): Promise<void> {
    const roles = await this.projects.rolesOfAll([...this.streams].map(({ principal }) => principal));
    this.endAll(({ principal, roles: before }) => (roles.get(principal) ?? before).key !== before.key);
  }

  private async check(): Promise<void> {
    if (this.isChecking || this.streams.size === 0) return;
    this.isChecking = true;
    try {
      const ended = await this.credentials.endedOf([...this.streams].map(({ principal }) => principal));
      this.endWhere((principal) => ended.has(principal));
      await this.endChanged();
    } catch (error) {
      // While the database is away nobody is thrown out; whose time is over is known without it.
      this.logger.warn(`streams could not be checked: ${String(error)}`);
      const now = new Date();
      this.endWhere(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
    } finally {
      this.isChecking = false;
    }
  }

  private endWhere(hasEnded: (principal: Principal) => boolean): void {
    this.endAll(({ principal }) => hasEnded(principal));
  }

  private endAll(hasEnded: (stream: HeldStream) => boolean): void {
    for (const stream of [...this.streams]) {
      if (!hasEnded(stream)) continue;
      this.streams.delete(stream);
      stream.end();
    }
  }
}
