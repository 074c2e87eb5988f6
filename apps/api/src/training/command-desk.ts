import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { filter, interval, merge } from 'rxjs';
import type { Subscription } from 'rxjs';
import { DatabaseSession } from '../platform/database/database-session';
import { RunCommands } from './run-commands';
import type { CommandAnswer, OpenCommand } from './run-commands';
import { RunLauncher } from './run-launcher';
import { untilDone } from './until-done';

/** A command whose notification was lost is found after this time. */
const pollMs = 2_000;

/** Carries out what any process has asked of the runs that this process works on. */
@Injectable()
export class CommandDesk implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CommandDesk.name);
  private subscription: Subscription | undefined;
  private looking: Promise<void> | undefined;
  private isAskedAgain = false;

  constructor(
    private readonly launcher: RunLauncher,
    private readonly commands: RunCommands,
    private readonly session: DatabaseSession,
  ) {}

  onApplicationBootstrap(): void {
    const ours = this.commands.asked.pipe(filter((runId) => this.launcher.supervisorOf(runId) !== undefined));
    this.subscription = merge(ours, this.launcher.started, this.session.connected, interval(pollMs)).subscribe(() =>
      this.look(),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.subscription?.unsubscribe();
    this.isAskedAgain = false;
    await this.looking;
  }

  private look(): void {
    if (this.looking) {
      this.isAskedAgain = true;
      return;
    }
    this.looking = this.takeAll()
      .catch((error: unknown) => this.logger.warn(`commands were not looked for: ${String(error)}`))
      .finally(() => {
        this.looking = undefined;
        if (!this.isAskedAgain) return;
        this.isAskedAgain = false;
        this.look();
      });
  }

  private async takeAll(): Promise<void> {
    const runIds = this.launcher.workingRunIds.filter((runId) => this.launcher.supervisorOf(runId) !== undefined);
    if (runIds.length === 0) return;
    for (const command of await this.commands.take(runIds)) void this.carryOut(command);
  }

  private async carryOut({ id, runId, command }: OpenCommand): Promise<void> {
    const answer: CommandAnswer = await this.perform(runId, command).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    await untilDone(this.logger, 'the answer to a command', () => this.commands.answer(id, answer));
  }

  private async perform(runId: string, command: OpenCommand['command']) {
    const supervisor = this.launcher.supervisorOf(runId);
    if (!supervisor) throw new Error('The run ended before that.');
    return supervisor.perform(command);
  }
}
