import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { problemSchema } from '@gan-dashboard/shared-types';
import type { z } from 'zod';
import { titleOf } from './problem';

/** Documents the errors of an operation: problem details under each of the statuses. */
export function ApiProblems(...statuses: number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, description: titleOf(status), standardSchema: problemSchema })),
  );
}

/** Documents a server-sent event stream whose every event carries `data` as JSON. */
export function ApiSse(options: { description: string; data: z.ZodType }): MethodDecorator {
  return applyDecorators(
    ApiProduces('text/event-stream'),
    ApiOkResponse({ description: options.description, standardSchema: options.data }),
  );
}
