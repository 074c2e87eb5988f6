import type { Request } from 'express';
import type { UserRole } from '@gan-dashboard/shared-types';

export interface RoutePolicy {
  /** Who may: `public` needs no sign-on, a role includes those above it. */
  readonly access: UserRole | 'public';
  /** Only for a person at a browser: an API token must not make further credentials. */
  readonly isInteractive?: true;
  /** Stays open: counted against the streams of its user, ended with its session. */
  readonly isStream?: true;
  /** Takes room that is counted for its user. */
  readonly storesFiles?: true;
}

const open: RoutePolicy = { access: 'public' };
const viewer: RoutePolicy = { access: 'viewer' };
const trainer: RoutePolicy = { access: 'trainer' };
const storing: RoutePolicy = { access: 'trainer', storesFiles: true };
const administrator: RoutePolicy = { access: 'administrator' };
const stream: RoutePolicy = { access: 'viewer', isStream: true };
const ownAccount: RoutePolicy = { access: 'viewer', isInteractive: true };
const accounts: RoutePolicy = { access: 'administrator', isInteractive: true };

/**
 * Who may use which route: the one place that says so. A route that is not listed is left to administrators, and a
 * test fails until it is.
 */
export const routePolicies: Readonly<Record<string, RoutePolicy>> = {
  'GET /healthz': open,
  'GET /readyz': open,
  'GET /metrics': viewer,
  'GET /ws': open,

  'GET /events': stream,
  'GET /events/training': stream,
  'GET /events/progress': stream,
  'GET /events/logs': stream,

  'GET /api/v1/session': open,
  'POST /api/v1/session': open,
  'DELETE /api/v1/session': open,
  'POST /api/v1/session/setup': open,
  'PUT /api/v1/session/password': ownAccount,
  'POST /api/v1/session/ticket': viewer,
  'GET /api/v1/session/oidc/start': open,
  'GET /api/v1/session/oidc/callback': open,
  'GET /api/v1/sessions': ownAccount,
  'DELETE /api/v1/sessions/:id': ownAccount,
  'GET /api/v1/tokens': ownAccount,
  'POST /api/v1/tokens': ownAccount,
  'DELETE /api/v1/tokens/:id': ownAccount,
  'GET /api/v1/users': accounts,
  'POST /api/v1/users': accounts,
  'PATCH /api/v1/users/:id': accounts,

  'GET /api/v1/audit': viewer,
  'GET /api/v1/audit/export': administrator,
  'GET /api/v1/models': viewer,
  'GET /api/v1/server': viewer,
  'GET /api/v1/workers': viewer,
  'GET /api/v1/workers/:id/metrics': viewer,

  'GET /api/v1/datasets': viewer,
  'POST /api/v1/datasets': storing,
  'POST /api/v1/datasets/generate': storing,
  'GET /api/v1/datasets/:id': viewer,
  'GET /api/v1/datasets/:id/preview': viewer,
  'GET /api/v1/datasets/:id/profile': viewer,
  'GET /api/v1/datasets/:id/file': viewer,
  'GET /api/v1/datasets/:id/order-book': viewer,
  'PATCH /api/v1/datasets/:id': trainer,
  'DELETE /api/v1/datasets/:id': trainer,

  'GET /api/v1/samples': viewer,
  'GET /api/v1/checkpoints': viewer,
  'POST /api/v1/runs/preflight': viewer,
  'GET /api/v1/runs': viewer,
  'POST /api/v1/runs': trainer,
  'GET /api/v1/runs/fields': viewer,
  'GET /api/v1/runs/groups': viewer,
  'GET /api/v1/runs/metrics': viewer,
  'GET /api/v1/runs/export': viewer,
  'POST /api/v1/runs/bulk': trainer,
  'GET /api/v1/runs/views': viewer,
  'POST /api/v1/runs/views': viewer,
  'DELETE /api/v1/runs/views/:id': viewer,
  'GET /api/v1/runs/:id': viewer,
  'PATCH /api/v1/runs/:id': trainer,
  'DELETE /api/v1/runs/:id': trainer,
  'POST /api/v1/runs/:id/stop': trainer,
  'POST /api/v1/runs/:id/pause': trainer,
  'POST /api/v1/runs/:id/resume': trainer,
  'POST /api/v1/runs/:id/checkpoint': trainer,
  'POST /api/v1/runs/:id/fork': trainer,
  'POST /api/v1/runs/:id/retry': trainer,
  'POST /api/v1/runs/:id/events': trainer,
  'POST /api/v1/runs/:id/checkpoints': storing,
  'POST /api/v1/runs/:id/adopt': trainer,
  'GET /api/v1/runs/:id/metrics': viewer,
  'GET /api/v1/runs/:id/logs': viewer,
  'GET /api/v1/runs/:id/logs/matches': viewer,
  'GET /api/v1/runs/:id/events': viewer,
  'GET /api/v1/runs/:id/checkpoints': viewer,
  'GET /api/v1/runs/:id/samples': viewer,
  'POST /api/v1/runs/:id/samples': storing,
  'GET /api/v1/runs/:id/report': viewer,
  'GET /api/v1/runs/:id/quality': viewer,

  'PATCH /api/v1/checkpoints/:id': trainer,
  'GET /api/v1/checkpoints/:id/file': viewer,
  'GET /api/v1/samples/:id': viewer,
  'DELETE /api/v1/samples/:id': trainer,
  'GET /api/v1/samples/:id/file': viewer,
  'GET /api/v1/samples/:id/order-book': viewer,
  'POST /api/v1/samples/:id/gate-override': administrator,

  'POST /api/v1/reports': trainer,
  'GET /api/v1/reports': viewer,
  'GET /api/v1/reports/:id': viewer,
  'GET /api/v1/reports/:id/html': viewer,
  'GET /api/v1/reports/:id/file.html': viewer,
  'DELETE /api/v1/reports/:id': trainer,

  'GET /api/v1/notifications': viewer,
  'POST /api/v1/notifications': viewer,
  'DELETE /api/v1/notifications/:id': viewer,
  'POST /api/v1/notifications/:id/test': viewer,

  'GET /api/v1/retention': administrator,
  'POST /api/v1/retention/run': administrator,

  'POST /training_data': trainer,
  'POST /progress_data': trainer,
  'GET /api/preview_csv': viewer,
  'POST /api/upload_csv': storing,
  'POST /api/generate_sample': storing,
  'POST /api/start_training': trainer,
  'POST /api/stop_training': trainer,
  'GET /api/training_status': viewer,
  'GET /api/models': viewer,
};

/** @param path as the route was declared, such as `/api/v1/runs/:id` */
export function policyOf(method: string, path: string): RoutePolicy {
  // Express answers HEAD by the handler of GET.
  return routePolicies[`${method === 'HEAD' ? 'GET' : method} ${path}`] ?? administrator;
}

/** The policy of a request that has found its route. What was done to accounts concerns administrators only. */
export function policyOfRequest(request: Request): RoutePolicy {
  const { path } = request.route as { path: string };
  if (path === '/api/v1/audit' && !request.query['run_id']) return administrator;
  return policyOf(request.method, path);
}

/** What a WebSocket needs to be opened, and for each message that controls a run. */
export const socketPolicy = { open: 'viewer', control: 'trainer' } as const satisfies Record<string, UserRole>;
