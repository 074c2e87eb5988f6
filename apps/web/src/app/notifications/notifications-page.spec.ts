import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import type { Notification } from '@gan-dashboard/shared-types';
import { NotificationsPage } from './notifications-page';

const base = 'api/v1/notifications';
const id = '33333333-3333-4333-8333-333333333333';

function aNotification(partial: Partial<Notification> = {}): Notification {
  return {
    id,
    created_at: '2026-11-23T10:00:00.000Z',
    kind: 'webhook',
    address: 'https://hooks.example.com/gan',
    events: ['completed', 'failed'],
    project_id: null,
    last_sent_at: null,
    last_error: null,
    ...partial,
  };
}

describe('NotificationsPage', () => {
  let fixture: ComponentFixture<NotificationsPage>;
  let http: HttpTestingController;
  const page = () => fixture.nativeElement as HTMLElement;
  const find = (testId: string) => page().querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  const text = (testId: string) => find(testId)?.textContent.replace(/\s+/g, ' ').trim();
  const rows = () => [...page().querySelectorAll('[data-testid="notification"]')];
  const settle = async () => {
    // One turn of the event loop: the promises behind an answer have then run.
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  const click = async (testId: string) => {
    find(testId)?.click();
    await settle();
  };
  const enter = async (testId: string, value: string) => {
    const field = find(testId) as HTMLInputElement | HTMLSelectElement;
    field.value = value;
    field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input'));
    await settle();
  };
  const listed = async (items: Notification[]) => {
    http.expectOne({ method: 'GET', url: base }).flush({ items });
    await settle();
  };
  const refused = async (url: string, status: number, body: object) => {
    http
      .expectOne({ method: 'POST', url })
      .flush({ type: 'about:blank', status, ...body }, { status, statusText: 'No' });
    await settle();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(NotificationsPage);
    await settle();
  });
  afterEach(() => http.verify());

  it('says that it loads, and then that there is nothing', async () => {
    expect(find('notification-list')?.previousElementSibling?.textContent).toContain('Loading');
    await listed([]);
    expect(text('notifications-empty')).toContain('You are told of nothing yet');
  });

  it('says why the list could not be loaded, and tries again', async () => {
    http.expectOne(base).flush(null, { status: 503, statusText: 'No' });
    await settle();
    expect(text('problem')).toContain('Your notifications could not be loaded');
    expect(find('notifications-empty')).toBeNull();
    page().querySelector<HTMLElement>('[data-testid="problem"] button')?.click();
    await settle();
    await listed([aNotification()]);
    expect(find('problem')).toBeNull();
    expect(rows()).toHaveLength(1);
  });

  it('shows where, of what, and what became of the newest message', async () => {
    await listed([
      aNotification({
        address: 'https://hooks.slack.com/services/T0/B0/secret',
        kind: 'slack',
        last_error: 'status 404',
      }),
    ]);
    expect(rows()[0]?.textContent).toContain('Slack or compatible to https://hooks.slack.com/…cret');
    expect(rows()[0]?.textContent).not.toContain('services');
    expect(rows()[0]?.textContent).toContain('Your runs · Done, Failed · nothing delivered yet');
    expect(text('last-error')).toBe('The newest message was not delivered: status 404');
  });

  it('sends nothing that is wrong, and says so beside the field', async () => {
    await listed([]);
    expect(text('address-error')).toBe('');
    await enter('notification-address', 'hooks.example.com');
    for (const event of ['completed', 'failed', 'alert']) await click(`event-${event}`);
    await click('notification-add');
    expect(text('address-error')).toBe('URL: must be a URL such as https://hooks.example.com/gan.');
    expect(text('events-error')).toBe('Choose at least one, or there is nothing to tell.');
    expect(find('notification-address')?.getAttribute('aria-invalid')).toBe('true');
    http.expectNone({ method: 'POST', url: base });
    await enter('notification-kind', 'email');
    await enter('notification-address', 'ann@example.com');
    expect(text('address-error')).toBe('');
  });

  it('shows the secret of a new webhook until it is done with', async () => {
    await listed([]);
    await enter('notification-address', ' https://hooks.example.com/gan ');
    await click('event-alert');
    await click('notification-add');
    const sent = http.expectOne({ method: 'POST', url: base });
    expect(sent.request.body).toEqual({
      kind: 'webhook',
      address: 'https://hooks.example.com/gan',
      events: ['completed', 'failed'],
      project_id: null,
    });
    sent.flush({ ...aNotification(), secret: 'whsec_1' });
    await settle();
    expect(text('notification-secret')).toBe('whsec_1');
    expect(rows()).toHaveLength(1);
    expect((find('notification-address') as HTMLInputElement).value).toBe('');
    await click('secret-done');
    expect(find('notification-secret')).toBeNull();
    expect(page().textContent).not.toContain('whsec_1');
  });

  it('says a refusal of the server beside its field, until that is changed', async () => {
    await listed([]);
    await enter('notification-kind', 'email');
    await enter('notification-address', 'ann@example.com');
    await click('notification-add');
    const message = 'no mail server is configured; ask an administrator to set SMTP_URL, or use a webhook';
    await refused(base, 422, {
      title: 'Unprocessable',
      detail: `kind: ${message}`,
      errors: [{ path: 'kind', message }],
    });
    expect(text('kind-error')).toBe(message);
    expect(find('problem')).toBeNull();
    await enter('notification-kind', 'webhook');
    expect(text('kind-error')).toBe('');
  });

  it('says a refusal that is no field’s above the button', async () => {
    await listed([aNotification()]);
    await enter('notification-address', 'https://hooks.example.com/b');
    await click('notification-add');
    await refused(base, 409, { title: 'Conflict', detail: 'You have 20 notifications, which is the most.' });
    expect(text('problem')).toContain('You have 20 notifications, which is the most.');
  });

  it('tests one, and says why the message did not arrive', async () => {
    await listed([aNotification()]);
    await click('notification-test');
    expect((find('notification-test') as HTMLButtonElement).disabled).toBe(true);
    http.expectOne(`${base}/${id}/test`).flush(aNotification({ last_sent_at: '2026-11-23T11:00:00.000Z' }));
    await settle();
    expect(rows()[0]?.textContent).not.toContain('nothing sent yet');

    await click('notification-test');
    const detail = 'The message could not be delivered: status 500';
    await refused(`${base}/${id}/test`, 422, { title: 'Unprocessable', detail });
    await listed([aNotification({ last_error: 'status 500' })]);
    expect(text('problem')).toContain(detail);
    expect(find('last-error')).toBeNull();
  });

  it('deletes one after it has asked', async () => {
    await listed([aNotification()]);
    // jsdom has no modal dialogs.
    const dialog = page().querySelector('dialog') as HTMLDialogElement;
    const shown = vi.fn();
    Object.assign(dialog, { showModal: shown, close: () => undefined });
    await click('notification-delete');
    expect(shown).toHaveBeenCalledOnce();
    expect(dialog.textContent).toContain('Delete “Webhook to https://hooks.example.com/gan”?');
    http.expectNone({ method: 'DELETE', url: `${base}/${id}` });
    await click('confirm-button');
    http.expectOne({ method: 'DELETE', url: `${base}/${id}` }).flush(null, { status: 204, statusText: 'No Content' });
    await settle();
    expect(rows()).toHaveLength(0);
    expect(find('notifications-empty')).not.toBeNull();
  });
});
