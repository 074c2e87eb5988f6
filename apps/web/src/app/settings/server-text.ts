import type { ServerInfo } from '@gan-dashboard/shared-types';
import { formatBytes, formatCount } from '../design/format';

export interface Fact {
  label: string;
  value: string;
  /** Where an operator changes it. */
  variable?: string;
}

const signOn: Readonly<Record<ServerInfo['auth'], string>> = {
  none: $localize`none: everyone who reaches the server may do everything`,
  local: $localize`names and passwords of this server`,
  oidc: $localize`an identity provider`,
  proxy: $localize`a proxy in front of the server`,
};

const interruption: Readonly<Record<ServerInfo['resume_policy'], string>> = {
  auto: $localize`goes back to the queue by itself`,
  ask: $localize`waits until somebody resumes it`,
  never: $localize`is not resumed`,
};

/** What the server says of itself, in words. */
export function serverFacts(info: ServerInfo): Fact[] {
  return [
    { label: $localize`Version`, value: info.version },
    { label: 'Sign-on', value: signOn[info.auth], variable: 'AUTH' },
    { label: $localize`Largest upload`, value: formatBytes(info.max_upload_bytes), variable: 'MAX_UPLOAD_BYTES' },
    { label: $localize`Events of a run are kept`, value: retention(info), variable: 'EVENT_RETENTION_DAYS' },
    { label: $localize`Checkpoints kept of a run`, value: checkpoints(info), variable: 'CHECKPOINTS_KEEP_LAST' },
    {
      label: $localize`A run whose process has gone`,
      value: interruption[info.resume_policy],
      variable: 'RESUME_POLICY',
    },
  ];
}

function retention({ event_retention_days: days }: ServerInfo): string {
  return $localize`until ${formatCount(days)} ${days === 1 ? 'day' : 'days'} after its end`;
}

function checkpoints({ checkpoints_keep_last: count }: ServerInfo): string {
  return count === 0 ? 'all' : $localize`the last ${formatCount(count)}, the best and pinned ones`;
}
