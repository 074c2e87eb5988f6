import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';

/** What a client of the original dashboard expects of an error: the same object as a success, with a flag and a reason. */
@Catch()
export class CompatFilter implements ExceptionFilter {
  private readonly logger = new Logger(CompatFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const status = error instanceof HttpException ? error.getStatus() : 500;
    if (status >= 500) this.logger.error(error instanceof Error ? error.stack : String(error));
    const reason = error instanceof HttpException ? error.message : 'The server failed; its log says why.';
    if (!response.headersSent) response.status(status).json({ success: false, error: reason, message: reason });
  }
}
