import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { checkpointSchema, idSchema, runForkSchema, runSchema } from '@gan-dashboard/shared-types';
import type { Checkpoint, Run, RunFork } from '@gan-dashboard/shared-types';
import { Idempotent } from '../platform/http/idempotency';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { RunControl } from './run-control';
import { RunForks } from './run-forks';

const later =
  'The answer is the run as it is once its process has done it. Where that takes longer than CONTROL_WAIT_SECONDS, ' +
  'the run is given as it is then, and what was asked is done later.';

@ApiTags('runs')
@Controller('api/v1/runs/:id')
export class RunControlController {
  constructor(
    private readonly control: RunControl,
    private readonly forks: RunForks,
  ) {}

  @Post('stop')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Stop a run within one step and keep its state; takes a queued run off the queue',
    description: `The run is \`stopping\` until its state is saved, and can be resumed once it is \`stopped\`. ${later}`,
  })
  @ApiAcceptedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409)
  stop(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.control.stop(id, actingUser());
  }

  @Post('pause')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Let a run wait after its current step, with everything in memory',
    description: `It keeps its place. Stop it instead to free the place, and resume it later. ${later}`,
  })
  @ApiAcceptedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409)
  pause(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.control.pause(id, actingUser());
  }

  @Post('resume')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Let a paused, stopped, failed or interrupted run go on',
    description:
      'A paused run goes on where it is. One that has ended is queued again, under the same id, and goes on from its ' +
      'last checkpoint: its result equals that of a run that was never interrupted. A completed run is forked instead.',
  })
  @ApiAcceptedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409)
  resume(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.control.resume(id, actingUser());
  }

  @Post('checkpoint')
  @ApiOperation({
    summary: 'Save the state of a run at work now',
    description: '201 with the checkpoint. Where saving takes longer than CONTROL_WAIT_SECONDS: 202 with the run.',
  })
  @ApiCreatedResponse({ standardSchema: checkpointSchema })
  @ApiAcceptedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409)
  async checkpoint(
    @Param('id', { schema: idSchema }) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Checkpoint | Run> {
    const saved = await this.control.saved(id, actingUser());
    response.status(saved ? HttpStatus.CREATED : HttpStatus.ACCEPTED);
    return saved ?? (await this.control.current(id));
  }

  @Post('fork')
  @Idempotent()
  @ApiOperation({
    summary: 'Queue a new run that begins with a checkpoint of this one',
    description:
      "It has this run's model, data set, columns and settings, but for the changes in `config`, and counts its steps " +
      'from 0. Settings that decide the shape of what was learned, such as layers, cannot change. Without a seed it ' +
      "takes this run's.",
  })
  @ApiCreatedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409, 422)
  fork(@Param('id', { schema: idSchema }) id: string, @Body({ schema: runForkSchema }) request: RunFork): Promise<Run> {
    return this.forks.fork(id, request, actingUser());
  }

  @Post('retry')
  @Idempotent()
  @ApiOperation({
    summary: 'Queue a new run with the same settings, seed and data set',
    description: 'It begins from the start: its `parent_run_id` names this run. Resume this run to go on instead.',
  })
  @ApiCreatedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409)
  retry(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.forks.retry(id, actingUser());
  }
}
