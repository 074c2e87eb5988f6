import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { DOCUMENT } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Project, ProjectDetail, UserRole } from '@gan-dashboard/shared-types';
import { Session } from '../identity/session';
import { ProjectChooser } from './project-chooser';
import { projectInterceptor } from './project-interceptor';
import { ProjectsPage } from './projects-page';
import { ProjectsStore } from './projects-store';

const base = 'api/v1/projects';
const red = '11111111-1111-4111-8111-111111111111';
const blue = '22222222-2222-4222-8222-222222222222';

function aProject(id: string, name: string, partial: Partial<Project> = {}): Project {
  return {
    ...{ id, name, created_at: '2026-11-23T10:00:00.000Z', description: '', is_default: false, is_open: false },
    ...{ role: 'trainer', datasets: 1, runs: 2, members: 1 },
    ...partial,
  };
}

describe('projects', () => {
  let http: HttpTestingController;
  let went: string[];

  /** @param search of the address that the page was opened with */
  async function begin(role: UserRole, items: Project[], search = ''): Promise<void> {
    went = [];
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
    };
    const location = { href: `http://localhost/runs${search}`, search, assign: (url: string) => void went.push(url) };
    const page = new Proxy(document, {
      get(target, name) {
        if (name === 'location') return location;
        if (name === 'defaultView')
          return new Proxy(window, {
            get: (view, key) => (key === 'sessionStorage' ? storage : (Reflect.get(view, key) as unknown)),
          });
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
      },
    });
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([projectInterceptor])),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: DOCUMENT, useValue: page },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    const state = { auth: 'local' as const, setup_required: false, expires_at: null };
    TestBed.inject(Session).take({ ...state, user: { id: null, name: 'ann', role } });
    TestBed.inject(ProjectsStore);
    TestBed.tick();
    http.expectOne(base).flush({ items });
    await settle();
  }
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    TestBed.tick();
  };
  afterEach(() => http.verify());

  function shown<Component>(type: new () => Component): {
    fixture: ComponentFixture<Component>;
    find: (testId: string) => HTMLElement | null;
  } {
    const fixture = TestBed.createComponent(type);
    fixture.detectChanges();
    const element = fixture.nativeElement as HTMLElement;
    return { fixture, find: (testId) => element.querySelector(`[data-testid="${testId}"]`) };
  }

  it('are no choice where there is but one', async () => {
    await begin('viewer', [aProject(red, 'Red')]);
    expect(shown(ProjectChooser).find('project-chooser')).toBeNull();
  });

  it('are chosen in the shell, which starts anew with the choice in its address', async () => {
    await begin('viewer', [aProject(red, 'Red'), aProject(blue, 'Blue')]);
    const chooser = shown(ProjectChooser).find('project-chooser') as HTMLSelectElement;
    expect([...chooser.options].map(({ text }) => text.trim())).toEqual(['All projects', 'Red', 'Blue']);
    chooser.value = blue;
    chooser.dispatchEvent(new Event('change'));
    expect(went).toEqual([`http://localhost/runs?project=${blue}`]);
  });

  it('bind the lists, and take in what is added', async () => {
    await begin('viewer', [aProject(red, 'Red'), aProject(blue, 'Blue')], `?project=${blue}`);
    const client = TestBed.inject(HttpClient);
    for (const url of ['api/v1/runs', 'api/v1/datasets', 'api/v1/reports']) {
      client.get(url).subscribe();
      http.expectOne(`${url}?project=${blue}`).flush(null);
    }
    client.get('api/v1/models').subscribe();
    http.expectOne('api/v1/models').flush(null);
    client.post('api/v1/datasets', null).subscribe();
    http.expectOne(`api/v1/datasets?project_id=${blue}`).flush(null);
    client.post('api/v1/datasets/generate', { rows: 10 }).subscribe();
    const { request } = http.expectOne('api/v1/datasets/generate');
    expect(request.body).toEqual({ rows: 10, project_id: blue });
  });

  it('say what may be done, whatever the role of the account is', async () => {
    await begin('viewer', [aProject(red, 'Red', { role: 'trainer' })]);
    expect(TestBed.inject(Session).trainBlocker()).toBe('');
  });

  it('are left where one takes no part any more', async () => {
    await begin('viewer', [aProject(red, 'Red')], `?project=${blue}`);
    expect(went).toEqual(['http://localhost/runs']);
  });

  it('show their members, and let their administrators add one', async () => {
    const managed = aProject(red, 'Red', { role: 'administrator' });
    await begin('viewer', [managed, aProject(blue, 'Blue')]);
    const { fixture, find } = shown(ProjectsPage);
    http.expectOne(base).flush({ items: [managed, aProject(blue, 'Blue')] });
    await settle();
    fixture.detectChanges();
    // Only administrators of the server make projects.
    expect(find('project-form')).toBeNull();
    find('project-members')?.click();
    fixture.detectChanges();
    const detail: ProjectDetail = { ...managed, members: [] };
    http.expectOne(`${base}/${red}`).flush(detail);
    await settle();
    fixture.detectChanges();
    expect(find('members-empty')?.textContent).toContain('Nobody');
    const name = find('member-name') as HTMLInputElement;
    name.value = 'bob';
    name.dispatchEvent(new Event('input'));
    fixture.detectChanges();
    find('member-add')?.click();
    const put = http.expectOne({ method: 'PUT', url: `${base}/${red}/members` });
    expect(put.request.body).toEqual({ name: 'bob', role: 'trainer' });
    put.flush({ ...detail, members: [{ user_id: blue, name: 'bob', role: 'trainer', is_disabled: false }] });
    await settle();
    http.expectOne(base).flush({ items: [managed] });
    await settle();
    fixture.detectChanges();
    expect(find('member')?.textContent).toContain('bob');
  });
});
