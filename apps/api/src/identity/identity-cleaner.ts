import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { SignInLimits } from './accounts/sign-in-limits';
import { SessionsService } from './sessions/sessions.service';

const periodMs = 3_600_000;

/** Removes sessions and counted failures whose time is over. */
@Injectable()
export class IdentityCleaner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IdentityCleaner.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: SessionsService,
    private readonly limits: SignInLimits,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.auth.mode === 'none') return;
    this.timer = setInterval(() => void this.clean(), periodMs).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async clean(): Promise<void> {
    try {
      await this.sessions.removeExpired();
      await this.limits.forget();
    } catch (error) {
      this.logger.warn(`expired sessions could not be removed, the next turn tries again: ${String(error)}`);
    }
  }
}
