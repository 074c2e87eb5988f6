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
  /**
   * The role is that of the account, whatever projects there are. Otherwise it has to be had in the projects of all that
   * the request names (`named-resources.ts`), and somewhere where it names nothing.
   */
  readonly isOfAccount?: true;
  /**
   * The project that something is put into or taken from, besides: `named` by `project_id`, else that of the data set
   * named, else the default project; or always the `default` one.
   */
  readonly target?: 'named' | 'default';
}

const open: RoutePolicy = { access: 'public' };
const account: RoutePolicy = { access: 'viewer', isOfAccount: true };
const viewer: RoutePolicy = { access: 'viewer' };
const trainer: RoutePolicy = { access: 'trainer' };
const storing: RoutePolicy = { access: 'trainer', storesFiles: true };
const manager: RoutePolicy = { access: 'administrator' };
const administrator: RoutePolicy = { access: 'administrator', isOfAccount: true };
/** Of the original dashboard, which knows no projects. */
const defaultViewer: RoutePolicy = { access: 'viewer', target: 'default' };
const defaultTrainer: RoutePolicy = { access: 'trainer', target: 'default' };
const stream: RoutePolicy = { access: 'viewer', isStream: true };
const ownAccount: RoutePolicy = { access: 'viewer', isInteractive: true, isOfAccount: true };
const accounts: RoutePolicy = { access: 'administrator', isInteractive: true, isOfAccount: true };

/**
 * Who may use which route: the one place that says so. A route that is not listed is left to administrators, and a
 * test fails until it is.
 */
export const routePolicies: Readonly<Record<string, RoutePolicy>> = {
  'GET /healthz': open,
  'GET /readyz': open,
  'GET /metrics': account,
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
  'POST /api/v1/session/ticket': account,
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
  'GET /api/v1/models': account,
  'GET /api/v1/server': account,
  'GET /api/v1/workers': account,
  'GET /api/v1/workers/:id/metrics': account,

  'GET /api/v1/projects': account,
  'POST /api/v1/projects': administrator,
  'GET /api/v1/projects/:id': viewer,
  'PATCH /api/v1/projects/:id': manager,
  'DELETE /api/v1/projects/:id': manager,
  'PUT /api/v1/projects/:id/members': manager,
  'DELETE /api/v1/projects/:id/members/:user_id': manager,

  'GET /api/v1/datasets': viewer,
  'POST /api/v1/datasets': { ...storing, target: 'named' },
  'POST /api/v1/datasets/generate': { ...storing, target: 'named' },
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
  'POST /api/v1/runs': { ...trainer, target: 'named' },
  'GET /api/v1/runs/fields': viewer,
  'GET /api/v1/runs/groups': viewer,
  'GET /api/v1/runs/metrics': viewer,
  'GET /api/v1/runs/export': viewer,
  'POST /api/v1/runs/bulk': trainer,
  'GET /api/v1/runs/views': account,
  'POST /api/v1/runs/views': account,
  'DELETE /api/v1/runs/views/:id': account,
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
  'GET /api/v1/runs/:id/marks': viewer,
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

  'GET /api/v1/notifications': account,
  'POST /api/v1/notifications': viewer,
  'DELETE /api/v1/notifications/:id': account,
  'POST /api/v1/notifications/:id/test': account,

  'GET /api/v1/retention': administrator,
  'POST /api/v1/retention/run': administrator,

  'POST /training_data': defaultTrainer,
  'POST /progress_data': defaultTrainer,
  'GET /api/preview_csv': defaultViewer,
  'POST /api/upload_csv': { ...storing, target: 'default' },
  'POST /api/generate_sample': { ...storing, target: 'default' },
  'POST /api/start_training': defaultTrainer,
  'POST /api/stop_training': defaultTrainer,
  'GET /api/training_status': defaultViewer,
  'GET /api/models': defaultViewer,
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

/** What a WebSocket needs to be opened, and in the project of the run for each message that controls one. */
export const socketPolicy = { open: 'viewer', control: 'trainer' } as const satisfies Record<string, UserRole>;
