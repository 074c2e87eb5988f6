import { Injectable } from '@nestjs/common';
import type { Checkpoint, Run, RunControlName } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { ProblemException, conflict } from '../platform/http/problem';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import type { CommandResult } from './asked-commands';
import { ExternalRuns } from './external/external-runs.service';
import { RunQueue } from './queue/run-queue';
import { RunAdmission } from './run-admission';
import { RunCommands } from './run-commands';
import type { RunEntity } from './run.entity';
import { whyNot } from './run-states';
import { RunsService } from './runs.service';

/**
 * Stops, pauses, resumes and saves runs, whichever process works on them. An answer that does not come in time is not
 * waited for: the run is given as it is, and the command is carried out when its process gets to it.
 */
@Injectable()
export class RunControl {
  constructor(
    private readonly runs: RunsService,
    private readonly queue: RunQueue,
    private readonly commands: RunCommands,
    private readonly admission: RunAdmission,
    private readonly external: ExternalRuns,
    private readonly checkpoints: CheckpointsService,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws ProblemException 404, 409 with the way out */
  control(command: RunControlName, runId: string, actor: string): Promise<Run> {
    return this[command](runId, actor);
  }

  /** Ends a run and keeps its state; a queued one is taken off the queue. @throws ProblemException 404, 409 */
  async stop(runId: string, actor: string): Promise<Run> {
    const run = await this.require(runId, 'stop');
    if (run.origin === 'external') {
      await this.external.askToStop(runId, actor);
      return this.runs.get(runId);
    }
    if (run.status === 'queued' && (await this.queue.cancel(runId))) {
      await this.audit.record({ actor, action: 'run.stop', runId, detail: { from: 'queued' } });
      return this.runs.get(runId);
    }
    await this.send('stop', runId, actor);
    return this.runs.get(runId);
  }

  /** Lets a run wait after its current step, with everything in memory. @throws ProblemException 404, 409 */
  async pause(runId: string, actor: string): Promise<Run> {
    await this.require(runId, 'pause');
    await this.send('pause', runId, actor);
    return this.runs.get(runId);
  }

  /** A paused run goes on where it is; one that has ended is queued, to go on from its last checkpoint. */
  async resume(runId: string, actor: string): Promise<Run> {
    const run = await this.require(runId, 'resume');
    if (run.status === 'interrupted' && run.onInterruption === 'never') {
      throw conflict('The run was interrupted, and its on_interruption is never. Fork or retry it, or change that.');
    }
    if (run.status === 'paused') await this.send('resume', runId, actor);
    else await this.admission.readmit(runId, actor);
    return this.runs.get(runId);
  }

  /** Saves the state of a run at work. @throws ProblemException 404, 409 */
  async checkpoint(runId: string, actor: string): Promise<Run> {
    await this.saved(runId, actor);
    return this.runs.get(runId);
  }

  /** @returns undefined where it was not saved in time; it is saved later then. @throws ProblemException 404, 409 */
  async saved(runId: string, actor: string): Promise<Checkpoint | undefined> {
    await this.require(runId, 'checkpoint');
    const { checkpoint_id: id } = (await this.send('checkpoint', runId, actor)) ?? {};
    return id === undefined ? undefined : this.checkpoints.pick(runId, id);
  }

  /** Saves the state of a run at work and waits for it. @throws ProblemException 404, 409, 503 not saved in time */
  async checkpointNow(runId: string, actor: string): Promise<Checkpoint> {
    const saved = await this.saved(runId, actor);
    if (!saved) throw new ProblemException(503, 'The run did not save its state in time. Try again shortly.');
    return saved;
  }

  current(runId: string): Promise<Run> {
    return this.runs.get(runId);
  }

  private async require(runId: string, command: RunControlName): Promise<RunEntity> {
    const run = await this.runs.require(runId);
    const isOutside = run.origin === 'external' && command !== 'stop';
    const refusal = isOutside
      ? `A program outside reports into this run: it cannot be told to ${command}.`
      : whyNot(run.status, command);
    if (refusal !== undefined) throw conflict(refusal);
    return run;
  }

  private async send(command: RunControlName, runId: string, actor: string): Promise<CommandResult | undefined> {
    const answer = await this.commands.answerTo(await this.commands.ask(runId, command, actor));
    if (answer && 'error' in answer) throw conflict(answer.error);
    return answer?.result;
  }
}
