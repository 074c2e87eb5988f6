import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { ProblemException } from '../../platform/http/problem';
import { RequestOrigin } from '../access/request-origin';
import { SessionCookie } from '../sessions/session-cookie';
import { SignOn } from '../sessions/sign-on.service';
import { OidcService } from './oidc.service';

/** A path of this dashboard, below its base path: never another site's (`//host`, `\\host`). */
const startQuerySchema = z.object({
  return_to: z
    .string()
    .max(2_000)
    .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be a path of the dashboard')
    .default('/'),
});

@ApiTags('identity')
@Controller('api/v1/session/oidc')
export class OidcController {
  private readonly origin: RequestOrigin;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly oidc: OidcService,
    private readonly cookie: SessionCookie,
    private readonly signOn: SignOn,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  @Get('start')
  @ApiOperation({ summary: 'Sign in with the provider (AUTH=oidc)', description: 'Sends the browser there.' })
  @ApiResponse({ status: 302, description: 'To the provider' })
  @ApiProblems(400, 409, 503)
  async start(
    @Query({ schema: startQuerySchema }) { return_to: returnTo }: z.infer<typeof startQuerySchema>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { location, browserSecret } = await this.oidc.begin(returnTo);
    this.cookie.writeOidc(request, response, browserSecret);
    response.setHeader('Cache-Control', 'no-store').redirect(302, location);
  }

  @Get('callback')
  @ApiOperation({ summary: 'Where the provider sends the browser back to (AUTH=oidc)' })
  @ApiResponse({ status: 302, description: 'To the page that was asked for' })
  @ApiProblems(401, 403, 409, 503)
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
    try {
      const { user, returnTo } = await this.oidc.finish(query, this.cookie.readOidc(request));
      this.cookie.clearOidc(request, response);
      await this.signOn.open(user, { request, response, address: this.origin.clientAddress(request) });
      response.redirect(302, `${this.config.auth.publicUrl ?? ''}${returnTo}`);
    } catch (error) {
      // A person gets a page to go on from; it has words of its own, so that nobody can put some into a link.
      if (!(error instanceof ProblemException) || request.accepts(['json', 'html']) !== 'html') throw error;
      const outcome = error.getStatus() === 403 ? 'refused' : 'failed';
      response.redirect(302, `${this.config.auth.publicUrl ?? ''}/?sign_in=${outcome}`);
    }
  }
}
