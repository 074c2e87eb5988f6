import type { ServerInfo } from '@gan-dashboard/shared-types';
import { serverFacts } from './server-text';

const info: ServerInfo = {
  version: '0.1.0',
  auth: 'none',
  max_upload_bytes: 2_147_483_648,
  event_retention_days: 7,
  checkpoints_keep_last: 3,
  resume_policy: 'auto',
};
const value = (label: string, partial: Partial<ServerInfo> = {}) =>
  serverFacts({ ...info, ...partial }).find((fact) => fact.label === label)?.value;

describe('serverFacts', () => {
  it('says limits in words and units', () => {
    expect(value('Largest upload')).toBe('2.1 GB');
    expect(value('Events of a run are kept', { event_retention_days: 1 })).toBe('until 1 day after its end');
    expect(value('Checkpoints kept of a run')).toBe('the last 3, the best and pinned ones');
  });

  it('reads 0 checkpoints as no limit', () => {
    expect(value('Checkpoints kept of a run', { checkpoints_keep_last: 0 })).toBe('all');
  });

  it('warns where there is no sign-on', () => {
    expect(value('Sign-on')).toContain('everyone');
    expect(value('Sign-on', { auth: 'local' })).not.toContain('everyone');
  });
});
