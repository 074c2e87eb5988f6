import type { RunControlName } from '@gan-dashboard/shared-types';

/** What a command led to. */
export interface CommandResult {
  checkpoint_id?: string;
}

type Waiting = PromiseWithResolvers<CommandResult>;

/** Commands that a trainer was given and has not carried out yet. */
export class AskedCommands {
  private readonly waiting = new Map<RunControlName, Waiting[]>();

  /** Resolves when the trainer has done it; rejects with the reason why it did not. */
  wait(command: RunControlName): Promise<CommandResult> {
    const waiting = Promise.withResolvers<CommandResult>();
    this.waiting.set(command, [...(this.waiting.get(command) ?? []), waiting]);
    return waiting.promise;
  }

  done(command: RunControlName, result: CommandResult = {}): void {
    for (const { resolve } of this.take(command)) resolve(result);
  }

  failed(command: RunControlName, reason: string): void {
    for (const { reject } of this.take(command)) reject(new Error(reason));
  }

  allFailed(reason: string): void {
    for (const command of this.waiting.keys()) this.failed(command, reason);
  }

  private take(command: RunControlName): Waiting[] {
    const taken = this.waiting.get(command) ?? [];
    this.waiting.delete(command);
    return taken;
  }
}
