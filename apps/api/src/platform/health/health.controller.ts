import { Controller, Get } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiProblems } from '../http/openapi-responses';
import { ProblemException } from '../http/problem';
import { Readiness, readinessChecks } from './readiness';

const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
const readinessSchema = z
  .object({ status: z.literal('ok'), checks: z.record(z.enum(readinessChecks), z.literal('ok')) })
  .meta({ id: 'Readiness' });

@ApiTags('service')
@Controller()
export class HealthController implements OnModuleDestroy {
  private isEnding = false;

  constructor(private readonly readiness: Readiness) {}

  /** While runs are handed over, a proxy is to send new requests elsewhere. */
  onModuleDestroy(): void {
    this.isEnding = true;
  }

  @Get('healthz')
  @ApiOperation({ summary: 'Is the process alive and serving requests?' })
  @ApiOkResponse({ standardSchema: healthSchema })
  alive(): z.infer<typeof healthSchema> {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    summary: 'Can the process do its work?',
    description:
      'Asks the database and the queue, and looks at the room in the data folder. A 503 names what is wrong.',
  })
  @ApiOkResponse({ standardSchema: readinessSchema })
  @ApiProblems(503)
  async ready(): Promise<z.infer<typeof readinessSchema>> {
    if (this.isEnding) throw new ProblemException(503, 'The process is ending. Requests belong to another one.');
    const problems = Object.entries(await this.readiness.problems());
    if (problems.length > 0) {
      const errors = problems.map(([path, message]) => ({ path, message }));
      throw new ProblemException(503, errors.map(({ message }) => message).join(' '), errors);
    }
    return { status: 'ok', checks: { database: 'ok', disk: 'ok', queue: 'ok' } };
  }
}
