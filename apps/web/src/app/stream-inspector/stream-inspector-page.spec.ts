import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aDataset, aField, aLogMessage, aRun, at, datasetId, runId } from '../testing/builders';
import { FakeEventSource } from '../testing/fake-streams';
import { StreamInspectorPage } from './stream-inspector-page';
import { STREAM_OPENERS } from './stream-probe';
import type { WebSocketLike } from './stream-probe';

class FakeWebSocket implements WebSocketLike {
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }
}

describe('StreamInspectorPage', () => {
  let fixture: ComponentFixture<StreamInspectorPage>;
  let http: HttpTestingController;
  let sources: FakeEventSource[];
  let sockets: FakeWebSocket[];
  const page = () => fixture.nativeElement as HTMLElement;
  const element = (testId: string, within: ParentNode = page()) =>
    within.querySelector<HTMLElement>(`[data-testid="${testId}"]`) as HTMLElement;
  const click = async (testId: string) => {
    element(testId).click();
    await fixture.whenStable();
  };
  const enter = async (testId: string, value: string) => {
    const field = element(testId) as HTMLInputElement;
    field.value = value;
    field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input'));
    await fixture.whenStable();
  };
  const shown = () => Number(element('message-list').dataset['messages']);

  beforeEach(async () => {
    sources = [];
    sockets = [];
    const openers = {
      eventSource: (url: string) => {
        const source = new FakeEventSource(url);
        sources.push(source);
        return source;
      },
      webSocket: (url: string) => {
        const socket = new FakeWebSocket(url);
        sockets.push(socket);
        return socket;
      },
    };
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: LiveEvents, useValue: new FakeLiveEvents() },
        { provide: STREAM_OPENERS, useValue: openers },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(StreamInspectorPage);
    await fixture.whenStable();
    http.expectOne((request) => request.url === 'api/v1/datasets').flush({ items: [aDataset()], next_cursor: null });
    http.expectOne((request) => request.url === 'api/v1/runs').flush({ items: [aRun()], next_cursor: null });
    http.expectOne('api/v1/models').flush({
      items: [{ name: 'wgan-gp', title: 'WGAN-GP', description: '', fields: [aField()], json_schema: {} }],
    });
    await fixture.whenStable();
  });
  afterEach(() => TestBed.resetTestingModule());

  it('connects to nothing by itself, and to one stream when asked', async () => {
    expect(sources).toHaveLength(0);
    await click('probe-connect-logs');
    expect(sources.map((source) => new URL(source.url).pathname)).toEqual(['/events/logs']);
    expect(element('probe-logs').dataset['state']).toBe('connecting');
    sources[0]?.open();
    await fixture.whenStable();
    expect(element('probe-logs').dataset['state']).toBe('open');
    await click('probe-disconnect-logs');
    expect(sources[0]?.isClosed).toBe(true);
    expect(element('probe-logs').dataset['state']).toBe('closed');
  });

  it('asks for a run and a start', async () => {
    await enter('inspector-run', runId);
    await enter('inspector-from', 'beginning');
    await click('probe-connect-all');
    expect(sources[0]?.cursor).toBe('0');
    expect(new URL(sources[0]?.url ?? '').searchParams.get('run')).toBe(runId);
    await enter('inspector-from', 'cursor');
    await click('probe-connect-training');
    expect(sources).toHaveLength(1);
    await enter('inspector-cursor', ' c7 ');
    await click('probe-connect-training');
    expect(sources[1]?.cursor).toBe('c7');
  });

  it('shows messages, filters them, and goes on counting while paused', async () => {
    await click('probe-connect-all');
    sources[0]?.open();
    sources[0]?.say(aLogMessage(1, 1), 'c1');
    sources[0]?.say({ type: 'heartbeat', timestamp: at, data: { server_time: at, last_event_id: null } }, 'c1');
    await vi.waitFor(() => expect(shown()).toBe(2));
    await enter('messages-type', 'log_entry');
    expect(shown()).toBe(1);
    await enter('messages-type', '');
    await enter('messages-filter', 'LINE 1');
    expect(shown()).toBe(1);
    await enter('messages-filter', '');
    await click('messages-pause');
    sources[0]?.say(aLogMessage(2, 2), 'c2');
    await vi.waitFor(() => expect(element('messages-behind').textContent).toContain('1 more'));
    expect(shown()).toBe(2);
    const card = element('probe-all');
    await vi.waitFor(() => expect(element('probe-messages', card).textContent).toBe('3'));
    expect(element('probe-last-id', card).textContent).toBe('c2');
    await click('messages-pause');
    expect(shown()).toBe(3);
    await click('messages-clear');
    expect(shown()).toBe(0);
  });

  it('says when the browser gave up, and warns of too many connections', async () => {
    for (const name of ['training', 'progress', 'logs', 'all']) await click(`probe-connect-${name}`);
    expect(element('connection-limit').textContent).toContain('(4 now)');
    sources[0]?.fail();
    await fixture.whenStable();
    expect(element('probe-training').dataset['state']).toBe('reconnecting');
    sources[0]?.fail(2);
    await fixture.whenStable();
    expect(element('probe-training').dataset['state']).toBe('failed');
    await click('probes-disconnect');
    expect(sources.slice(1).every((source) => source.isClosed)).toBe(true);
  });

  it('subscribes over the WebSocket, follows its cursor, and says why it ended', async () => {
    await click('probe-connect-websocket');
    const [socket] = sockets;
    socket?.onopen?.call(socket as unknown as WebSocket, new Event('open'));
    expect(socket?.sent).toEqual([{ subscribe: ['training', 'progress', 'logs'] }]);
    const cursor = { type: 'cursor', timestamp: at, data: { last_event_id: 'c9', channels: ['logs'] } };
    socket?.onmessage?.call(
      socket as unknown as WebSocket,
      new MessageEvent('message', { data: JSON.stringify(cursor) }),
    );
    await vi.waitFor(() => expect(element('probe-last-id', element('probe-websocket')).textContent).toBe('c9'));
    const closing = new CloseEvent('close', { code: 1012, reason: 'the server restarts' });
    socket?.onclose?.call(socket as unknown as WebSocket, closing);
    await fixture.whenStable();
    expect(element('probe-websocket').textContent).toContain('code 1012: the server restarts');
  });

  it('starts a run with the chosen epochs and stops an active one', async () => {
    await enter('inspector-epochs', '0');
    expect((element('inspector-start') as HTMLButtonElement).disabled).toBe(true);
    await enter('inspector-epochs', '5');
    await click('inspector-start');
    const start = http.expectOne({ method: 'POST', url: 'api/v1/runs' });
    expect(start.request.body).toEqual({
      dataset_id: datasetId,
      model: 'wgan-gp',
      config: { epochs: 5 },
      name: 'stream test',
    });
    start.flush(aRun());
    await fixture.whenStable();
    await click('inspector-stop');
    http.expectOne({ method: 'POST', url: `api/v1/runs/${runId}/stop` }).flush(null);
    expect((element('inspector-stop') as HTMLButtonElement).disabled).toBe(true);
  });
});
