import type { IncomingMessage } from 'node:http';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal';

/** Who sent a request, as the access guard has found. */
export const principals = new WeakMap<IncomingMessage, Principal>();

/** Parameter of a handler: who asks. Only for routes that are not public. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principals.get(context.switchToHttp().getRequest<IncomingMessage>());
  if (!principal) throw new Error('the route is public: nobody was asked for');
  return principal;
});
