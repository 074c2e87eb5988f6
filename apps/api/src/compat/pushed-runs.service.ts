import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defaultProjectId, isFinalRunStatus, wireNumberSchema } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { actingUser } from '../platform/http/local-user';
import { ProblemException } from '../platform/http/problem';
import { ExternalRuns } from '../training/external/external-runs.service';
import { RunsService } from '../training/runs.service';

/** By this tag a server that was started again finds the run that a trainer pushes into. */
const tag = 'pushed';
const runName = 'Pushed training';

const epoch = z.int().min(0);
const messageSchemas = {
  training_update: z.looseObject({
    type: z.literal('training_update').optional(),
    data: z
      .object({ epoch, total_epochs: z.int().min(1).optional() })
      .catchall(wireNumberSchema.or(z.null()))
      .refine(
        (data) => Object.keys(data).some((name) => name !== 'epoch' && name !== 'total_epochs'),
        'names no metric',
      ),
  }),
  progress: z.looseObject({
    type: z.literal('progress').optional(),
    epoch,
    progress_percent: z.number().min(0).max(100),
  }),
};

interface Push {
  epoch: number;
  totalEpochs?: number;
  message: { type: string; data: Record<string, unknown> };
}

/**
 * The runs of trainers that push: they name no run, so what they say belongs to the one that is open. A new one begins
 * where the epoch falls back, and one ends with its last epoch.
 */
@Injectable()
export class PushedRuns {
  private openId: string | undefined;
  /** Of the open run: the run itself only knows its epoch where the trainer says how many there are. */
  private lastEpoch = 0;
  /** Pushes are taken one after the other: two first ones must not open two runs. */
  private taking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly external: ExternalRuns,
    private readonly runs: RunsService,
  ) {}

  /** @throws ProblemException 400 naming each field that is wrong */
  take(type: keyof typeof messageSchemas, body: unknown): Promise<void> {
    const push = pushOf(type, body);
    const taken = this.taking.then(() => this.record(push));
    this.taking = taken.catch(() => undefined);
    return taken;
  }

  private async record(push: Push): Promise<void> {
    const open = await this.openRun();
    const isBehind = open !== undefined && push.epoch < Math.max(open.epoch, this.lastEpoch);
    // The last progress message often comes after the last update, which ends the run and says the same.
    if (open && isFinalRunStatus(open.status) && !isBehind && push.message.type === 'progress') return;
    const run = await this.runFor(push, open, isBehind);
    const total = push.totalEpochs ?? run.total_epochs;
    const messages = [this.fitted(push, total)];
    if (push.message.type === 'training_update') {
      if (total > 0) messages.push(progressOf(push.epoch, total));
      if (total > 0 && push.epoch >= total) messages.push(completion('completed', 'The last epoch was pushed.'));
    }
    await this.post(run.id, messages);
    this.lastEpoch = push.epoch;
  }

  private fitted({ epoch, message }: Push, total: number): Push['message'] {
    if (message.type === 'training_update') return message;
    // A step is an epoch here: the trainer says no smaller one.
    return { ...message, data: { ...message.data, total_epochs: total, step: epoch, total_steps: total } };
  }

  private async runFor(push: Push, open: Run | undefined, isBehind: boolean): Promise<Run> {
    const hasEnded = open && isFinalRunStatus(open.status) && open.status !== 'interrupted';
    if (open && !hasEnded && !isBehind) return open;
    if (open && !hasEnded) await this.post(open.id, [completion('stopped', 'The trainer began again.')]);
    const created = await this.external.create(
      {
        origin: 'external',
        name: runName,
        model: 'pushed',
        config: {},
        tags: [tag],
        notes: '',
        ...(push.totalEpochs === undefined ? {} : { total_epochs: push.totalEpochs }),
      },
      actingUser(),
    );
    this.openId = created.id;
    this.lastEpoch = 0;
    return created;
  }

  /** The run of the last push, also of one to a process that has gone since. */
  private async openRun(): Promise<Run | undefined> {
    if (this.openId === undefined) {
      const page = await this.runs.page({
        limit: 1,
        search: runName,
        sort: 'created_at',
        order: 'desc',
        archived: false,
        project: defaultProjectId,
      });
      this.openId = page.items.find(({ origin, tags }) => origin === 'external' && tags.includes(tag))?.id;
    }
    if (this.openId === undefined) return undefined;
    try {
      return await this.runs.get(this.openId);
    } catch (error) {
      if (!(error instanceof ProblemException) || error.getStatus() !== 404) throw error;
      this.openId = undefined; // It was deleted.
      return undefined;
    }
  }

  private async post(runId: string, messages: Push['message'][]): Promise<void> {
    const values = messages.map((json, index) => ({ line: index + 1, value: { json } }));
    const { rejected } = await this.external.post(runId, values);
    if (rejected.length > 0) throw new ProblemException(400, rejected.map(({ message }) => message).join('; '));
  }
}

function pushOf(type: keyof typeof messageSchemas, body: unknown): Push {
  if (type === 'progress') {
    const { epoch, progress_percent } = parsed(messageSchemas.progress, body);
    return { epoch, message: { type, data: { epoch, progress_percent } } };
  }
  const { data } = parsed(messageSchemas.training_update, body);
  // A trainer in Python sends None for what it did not measure.
  const measured = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
  const { epoch, total_epochs: totalEpochs } = data;
  return { epoch, ...(totalEpochs === undefined ? {} : { totalEpochs }), message: { type, data: measured } };
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  throw new ProblemException(400, mistakes.join('; '));
}

function progressOf(epoch: number, total: number): Push['message'] {
  const percent = Math.min(100, (100 * epoch) / total);
  return {
    type: 'progress',
    data: { epoch, total_epochs: total, step: epoch, total_steps: total, progress_percent: percent },
  };
}

function completion(status: 'completed' | 'stopped', message: string): Push['message'] {
  return { type: 'training_complete', data: { status, message } };
}
