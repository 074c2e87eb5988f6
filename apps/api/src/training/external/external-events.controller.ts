import { Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { externalEventsAnswerSchema, externalEventsQuerySchema, idSchema } from '@gan-dashboard/shared-types';
import type { ExternalEventsAnswer, ExternalEventsQuery } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { ProblemException } from '../../platform/http/problem';
import { parseJsonLine } from '../json-lines';
import { ExternalRuns } from './external-runs.service';
import type { PostedValue } from './external-runs.service';
import { ndjsonLines } from './ndjson-lines';

const limits = { longest: 262_144, most: 500 };
const tooLong = { mistake: `the line: is longer than ${limits.longest} characters` };
const mostRejected = 100;

@ApiTags('external runs')
@Controller('api/v1/runs')
export class ExternalEventsController {
  constructor(private readonly runs: ExternalRuns) {}

  @Post(':id/events')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Report into an external run',
    description:
      'JSON lines, taken in as they arrive, or a JSON array; each is a message of the event streams (`type`, `data`, `timestamp?`, `client_seq?`) or `{"type":"heartbeat"}`. What is wrong is left out and named in the answer; the rest is recorded.',
  })
  @ApiConsumes('application/x-ndjson', 'application/json')
  @ApiBody({ schema: { type: 'array', items: { type: 'object' } } })
  @ApiOkResponse({ standardSchema: externalEventsAnswerSchema })
  @ApiProblems(400, 404, 409, 415)
  async post(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: externalEventsQuerySchema }) query: ExternalEventsQuery,
    @Req() request: Request,
  ): Promise<ExternalEventsAnswer> {
    const { status } = await this.runs.require(id);
    const answer: ExternalEventsAnswer = { accepted: 0, duplicates: 0, rejected: [], rejected_count: 0, status };
    for await (const values of batchesOf(request)) {
      const taken = await this.runs.post(id, values, { clientId: query.client_id, isReplay: query.replay });
      answer.accepted += taken.accepted;
      answer.duplicates += taken.duplicates;
      answer.rejected_count += taken.rejected.length;
      answer.rejected.push(...taken.rejected.slice(0, mostRejected - answer.rejected.length));
      answer.status = taken.status;
    }
    return answer.status === 'stopping' ? { ...answer, control: 'stop' } : answer;
  }
}

/** @throws ProblemException 415 for another kind of body, 400 for JSON that is no array */
async function* batchesOf(request: Request): AsyncGenerator<PostedValue[]> {
  if (request.is('application/json')) {
    const body: unknown = request.body;
    if (!Array.isArray(body)) {
      throw new ProblemException(
        400,
        'The body must be a JSON array of messages, or JSON lines (application/x-ndjson).',
      );
    }
    const values = body.map((json: unknown, index): PostedValue => ({ line: index + 1, value: { json } }));
    for (let from = 0; from < values.length; from += limits.most) yield values.slice(from, from + limits.most);
    return;
  }
  if (!request.is(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/json-lines'])) {
    throw new ProblemException(415, 'Send application/x-ndjson (a message a line) or application/json (an array).');
  }
  for await (const lines of ndjsonLines(request, limits)) {
    yield lines.map(({ line, text }) => ({ line, value: text === undefined ? tooLong : parseJsonLine(text) }));
  }
}
