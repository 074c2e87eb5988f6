import { Injectable } from '@nestjs/common';
import type { NewRunEvent } from '@gan-dashboard/shared-types';
import { AuditTrail, serverActor } from '../audit/audit-trail';
import { eventsOfInterruption } from './resume-policy';
import { RunCommands } from './run-commands';
import { RunQueue } from './queue/run-queue';
import type { Interruption } from './run-supervisor';
import { RunsRepository } from './runs.repository';
import type { RunClaim } from './runs.repository';

/** What becomes of an interrupted run: first its events, then, once they are on disk, the rest. */
export interface Consequence {
  events: readonly NewRunEvent[];
  followUp: () => Promise<void>;
}

/** Decides by a run's resume policy what becomes of it when its process has gone, and sees to it. */
@Injectable()
export class Interruptions {
  constructor(
    private readonly runs: RunsRepository,
    private readonly queue: RunQueue,
    private readonly commands: RunCommands,
    private readonly audit: AuditTrail,
  ) {}

  async decide(claim: RunClaim, interruption: Interruption): Promise<Consequence> {
    if (interruption.isHandOver) await this.runs.forgiveAttempt(claim);
    // As it is now: people may have changed the policy since the run was claimed.
    const run = (await this.runs.find(claim.run.id)) ?? claim.run;
    const { events, isQueued } = eventsOfInterruption(run, interruption.reason);
    return { events, followUp: () => this.follow(run.id, interruption, isQueued) };
  }

  private async follow(runId: string, { reason, wasPaused }: Interruption, isQueued: boolean): Promise<void> {
    const act = { actor: serverActor, runId };
    const interrupted = { ...act, action: 'run.interrupt', detail: { reason } };
    const resumed = { ...act, action: 'run.resume', detail: { is_automatic: true } };
    await this.audit.recordAll(isQueued ? [interrupted, resumed] : [interrupted]);
    if (!isQueued) return;
    // What somebody has paused does not run on its own account.
    if (wasPaused) await this.commands.ask(runId, 'pause', serverActor);
    await this.queue.enqueue(runId);
  }
}
