import { randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import type { RunControlName, RunMessage } from '@gan-dashboard/shared-types';
import { EventDoorbell } from '../events/event-doorbell';
import { EventHub } from '../events/event-hub';
import { EventLog } from '../events/event-log';
import { EventMetrics } from '../events/event-metrics';
import { EventReplay } from '../events/event-replay';
import { EventStreamsService } from '../events/event-streams.service';
import { EventTail } from '../events/event-tail';
import { EventsController } from '../events/events.controller';
import { RUN_DIRECTORY } from '../events/run-directory';
import type { RunDirectory, RunSnapshot } from '../events/run-directory';
import { RunLogWriter } from '../events/run-log-writer';
import { STREAM_OPTIONS, defaultStreamOptions } from '../events/stream-options';
import type { StreamOptions } from '../events/stream-options';
import { EventSocketServer } from '../events/websocket/event-socket-server';
import { SOCKET_ACCESS } from '../events/websocket/socket-access';
import type { SocketAccess } from '../events/websocket/socket-access';
import { RequestOrigin } from '../identity/access/request-origin';
import { RUN_CONTROL } from '../events/websocket/run-control';
import { WebSocketController } from '../events/websocket/websocket.controller';
import { APP_CONFIG } from '../platform/configuration/app-config';
import { DatabaseSession } from '../platform/database/database-session';
import { ProblemFilter } from '../platform/http/problem.filter';
import { conflict, notFound } from '../platform/http/problem';
import { validationPipe } from '../platform/http/validation.pipe';
import { MetricsModule } from '../platform/metrics/metrics.module';
import { stripBasePath } from '../platform/web/serve-web';
import { insertRun, update } from './builders';

/** Runs that exist only here: what the training module would tell the streams, and controls that act at once. */
export class FakeRuns implements RunDirectory {
  readonly all = new Map<string, RunSnapshot>();

  snapshot(id: string): Promise<RunSnapshot | undefined> {
    return Promise.resolve(this.all.get(id));
  }

  active(): Promise<RunSnapshot[]> {
    return Promise.resolve([...this.all.values()].filter(({ status }) => status === 'running'));
  }

  control(command: RunControlName, id: string): Promise<{ status: RunSnapshot['status'] }> {
    const run = this.all.get(id);
    if (!run) return Promise.reject(notFound('run', id));
    if (run.status !== 'running') return Promise.reject(conflict(`The run is ${run.status}.`));
    const status = ({ stop: 'stopped', pause: 'paused', resume: 'running', checkpoint: 'running' } as const)[command];
    this.all.set(id, { ...run, status });
    return Promise.resolve({ status });
  }
}

const origin = new RequestOrigin({ mode: 'none', publicUrl: undefined, allowedHosts: [], trustedProxies: [] });
/** As without sign-on: whoever is no page of another site. */
const openAccess: SocketAccess = {
  admit: (request) =>
    Promise.resolve(request).then((known) => {
      origin.refuseOtherSites(known, true);
      return {
        name: 'local',
        scopeOf: () => Promise.resolve(undefined),
        requireControl: () => Promise.resolve(),
        hold: () => () => undefined,
      };
    }),
};

export interface EventServer {
  app: NestExpressApplication;
  port: number;
  url: string;
}

/** A server of the events alone: streams, WebSocket and metrics over a real log in Postgres. */
export async function startEventServer(
  dataSource: DataSource,
  runs: FakeRuns,
  options: Partial<StreamOptions> & { basePath?: string; port?: number } = {},
): Promise<EventServer> {
  const { basePath = '', port: wantedPort = 0, ...streamOptions } = options;
  const module = await Test.createTestingModule({
    imports: [MetricsModule],
    controllers: [EventsController, WebSocketController],
    providers: [
      { provide: DataSource, useValue: dataSource },
      { provide: RUN_DIRECTORY, useValue: runs },
      { provide: RUN_CONTROL, useValue: runs },
      { provide: SOCKET_ACCESS, useValue: openAccess },
      { provide: APP_CONFIG, useValue: { basePath } },
      { provide: STREAM_OPTIONS, useValue: { ...defaultStreamOptions, ...streamOptions } },
      EventLog,
      EventHub,
      EventTail,
      EventDoorbell,
      DatabaseSession,
      EventReplay,
      EventStreamsService,
      EventSocketServer,
      EventMetrics,
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>();
  stripBasePath(app, basePath);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(wantedPort, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, port, url: `http://127.0.0.1:${port}` };
}

/** A run at work, whose events one server writes; more than one, where another writes to the run `id` too. */
export class WorkingRun {
  private writer: Promise<RunLogWriter> | undefined;
  private epoch = 0;

  constructor(
    private readonly server: EventServer,
    private readonly runs: FakeRuns,
    private readonly onDurable: (messages: RunMessage[]) => void = () => undefined,
    readonly id: string = randomUUID(),
  ) {
    this.tell(0);
  }

  /** Writes as many metrics and waits until they are on disk. */
  async write(count: number, values: Parameters<typeof update>[1] = {}): Promise<void> {
    const writer = await this.open();
    for (let index = 0; index < count; index++) writer.record(update(++this.epoch, values));
    await writer.flushed();
  }

  open(): Promise<RunLogWriter> {
    this.writer ??= this.newWriter();
    return this.writer;
  }

  private async newWriter(): Promise<RunLogWriter> {
    const { app } = this.server;
    const hub = app.get(EventHub);
    await insertRun(app.get(DataSource), { id: this.id });
    return new RunLogWriter({
      runId: this.id,
      log: app.get(EventLog),
      onDurable: (messages) => {
        this.tell(messages.at(-1)?.seq ?? 0);
        this.onDurable(messages);
        hub.publish(messages);
        app.get(EventDoorbell).announce();
      },
      project: () => Promise.resolve(),
      stats: hub.stats.writes,
    });
  }

  private tell(seq: number): void {
    const lastSeq = Math.max(seq, this.runs.all.get(this.id)?.lastSeq ?? 0);
    this.runs.all.set(this.id, { runId: this.id, status: 'running', message: 'at work', lastSeq });
  }
}
