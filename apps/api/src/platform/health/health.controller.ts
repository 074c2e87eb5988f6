import { Controller, Get } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ApiProblems } from '../http/openapi-responses';
import { ProblemException } from '../http/problem';

const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
type Health = z.infer<typeof healthSchema>;

@ApiTags('service')
@Controller()
export class HealthController implements OnModuleDestroy {
  private isEnding = false;

  constructor(private readonly dataSource: DataSource) {}

  /** While runs are handed over, a proxy is to send new requests elsewhere. */
  onModuleDestroy(): void {
    this.isEnding = true;
  }

  @Get('healthz')
  @ApiOperation({ summary: 'Is the process alive and serving requests?' })
  @ApiOkResponse({ standardSchema: healthSchema })
  alive(): Health {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Can the process do its work? Asks the database' })
  @ApiOkResponse({ standardSchema: healthSchema })
  @ApiProblems(503)
  async ready(): Promise<Health> {
    if (this.isEnding) throw new ProblemException(503, 'The process is ending. Requests belong to another one.');
    try {
      await this.dataSource.query('SELECT 1');
    } catch {
      throw new ProblemException(503, 'The database does not answer. Requests that need it will fail until it does.');
    }
    return { status: 'ok' };
  }
}
