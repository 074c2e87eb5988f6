import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { SessionState, UserRole } from '@gan-dashboard/shared-types';
import { Session } from './session';
import { sessionInterceptor } from './session-interceptor';

const nobody: SessionState = { auth: 'local', user: null, setup_required: false, expires_at: null };
const somebody = (role: UserRole): SessionState => ({ ...nobody, user: { id: null, name: 'ann', role } });

describe('Session', () => {
  let session: Session;
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([sessionInterceptor])), provideHttpClientTesting()],
    });
    session = TestBed.inject(Session);
    http = TestBed.inject(HttpTestingController);
  });

  it('holds nothing back until the server has said who is there, nor without sign-on', () => {
    expect([session.signOn(), session.trainBlocker()]).toEqual(['unknown', '']);
    session.take({ ...somebody('administrator'), auth: 'none' });
    expect([session.signOn(), session.trainBlocker()]).toEqual(['open', '']);
  });

  it('says why a viewer cannot change anything', () => {
    session.take(somebody('viewer'));
    expect(session.trainBlocker()).toContain('Your role is viewer; ask an administrator for trainer.');
    session.take(somebody('trainer'));
    expect(session.trainBlocker()).toBe('');
  });

  it('tells a session that has expired from nobody, and whose it was', () => {
    session.take(nobody);
    expect([session.signOn(), session.expiredName()]).toEqual(['signed-out', null]);
    session.take(somebody('viewer'));
    expect(session.signOn()).toBe('signed-in');
    session.take(nobody);
    expect([session.signOn(), session.expiredName()]).toEqual(['expired', 'ann']);
  });

  it('asks again, once, when requests are answered by "not signed in"', async () => {
    session.take(somebody('viewer'));
    const client = TestBed.inject(HttpClient);
    for (const url of ['api/v1/runs', 'api/v1/datasets']) client.get(url).subscribe({ error: () => undefined });
    for (const url of ['api/v1/runs', 'api/v1/datasets']) {
      http.expectOne(url).flush(null, { status: 401, statusText: 'Unauthorized' });
    }
    const looked = session.look();
    http.expectOne('api/v1/session').flush(nobody);
    await looked;
    expect(session.signOn()).toBe('expired');
    http.verify();
  });
});
