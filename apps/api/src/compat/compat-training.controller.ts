import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isModelName } from '@gan-dashboard/trainer';
import type { Run, RunStatus, WireNumber } from '@gan-dashboard/shared-types';
import { actingUser } from '../platform/http/local-user';
import { CompatRuns } from './compat-runs.service';

const defaultModel = 'wgan-gp';

/** `config` was the path of a file in the original; here it is an object of settings, or the name of a model. */
const startSchema = z.object({
  config: z.union([z.string().max(1_000), z.record(z.string(), z.unknown())]).nullish(),
  data_source: z.string().min(1).max(1_000).nullish(),
  epochs: z.coerce.number().int().min(1).nullish(),
});

type Started =
  | {
      success: true;
      message: string;
      pid: number | null;
      config: string | Record<string, unknown>;
      data_source: string;
      run_id: string;
    }
  | { success: false; error: string };

interface TrainingStatus {
  status: RunStatus | 'idle';
  run_id?: string;
  epoch?: number;
  total_epochs?: number;
  progress_percent?: number;
  metrics?: Record<string, WireNumber>;
}

/** The training routes of the original dashboard (contract, section 3): they translate, and hold no rules of their own. */
@ApiTags('original dashboard')
@Controller('api')
export class CompatTrainingController {
  constructor(private readonly runs: CompatRuns) {}

  @Post('start_training')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start a run on the data set of a file name; success: false where it cannot start' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async start(@Body() body: unknown): Promise<Started> {
    const parsed = startSchema.safeParse(body ?? {});
    if (!parsed.success) return { success: false, error: z.prettifyError(parsed.error) };
    const { config, data_source: source, epochs } = parsed.data;
    const model = typeof config === 'string' && isModelName(config) ? config : defaultModel;
    const settings = { ...(typeof config === 'object' ? config : {}), ...(epochs == null ? {} : { epochs }) };
    const outcome = await this.runs.start({ model, settings, source: source ?? undefined, user: actingUser() });
    if ('error' in outcome) return { success: false, error: outcome.error };
    const { run, fileName, pid } = outcome;
    const isFile = typeof config === 'string' && model !== config;
    const note = isFile
      ? ` The config file ${JSON.stringify(config)} is not read here: ${model} has its defaults.`
      : '';
    return {
      success: true,
      message: `Training started on ${fileName}.${note}`,
      pid,
      config: config ?? run.config,
      data_source: fileName,
      run_id: run.id,
    };
  }

  @Post('stop_training')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop the newest run that is under way' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async stop(): Promise<{ success: boolean; message: string }> {
    const run = await this.runs.newestActive();
    if (!run) return { success: false, message: 'No training is running.' };
    await this.runs.stop(run.id);
    return { success: true, message: `Training stopped: ${run.name}` };
  }

  @Get('training_status')
  @ApiOperation({ summary: 'Where the newest run that is under way stands' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async status(): Promise<TrainingStatus> {
    const run = await this.runs.newestActive();
    return run ? statusOf(run) : { status: 'idle' };
  }

  @Get('models')
  @ApiOperation({ summary: 'Saved states, newest first' })
  @ApiOkResponse({ schema: { type: 'array', items: { type: 'object' } } })
  models(): Promise<{ name: string; epoch: number; loss: WireNumber | null; date: string }[]> {
    return this.runs.savedModels();
  }
}

function statusOf({ status, id, epoch, total_epochs, progress_percent, summary }: Run): TrainingStatus {
  return { status, run_id: id, epoch, total_epochs, progress_percent, metrics: summary };
}
