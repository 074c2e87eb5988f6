import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer } from 'ws';
import type { RawData, ServerOptions, WebSocket } from 'ws';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ProblemException } from '../../platform/http/problem';
import { EventStreamsService } from '../event-streams.service';
import { heartbeatMessage } from '../stream-messages';
import { STREAM_OPTIONS, defaultStreamOptions } from '../stream-options';
import type { StreamOptions } from '../stream-options';
import { Wheel } from '../wheel';
import { RUN_CONTROL } from './run-control';
import type { RunControl } from './run-control';
import { SOCKET_ACCESS } from './socket-access';
import type { SocketAccess, SocketUser } from './socket-access';
import { SocketConnection } from './socket-connection';
import { SocketSession } from './socket-session';
import { textFrame } from './text-frame';
import { isSocketUpgrade, refuseUpgrade } from './upgrade-request';

const maxPayloadBytes = 64 * 1024;
/** A client that does not answer a close frame is cut off after this time. */
const closeTimeoutMs = 5_000;
const shutdownWaitMs = 2_000;

const serverOptions: ServerOptions & { closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: maxPayloadBytes,
  closeTimeout: closeTimeoutMs,
};

/** Decides which requests may leave HTTP; `http.Server` has it, its type only as an option. */
interface UpgradingServer extends Server {
  shouldUpgradeCallback: (request: IncomingMessage) => boolean;
}

/** The WebSocket at `/ws`: takes connections, keeps them alive, and ends them with the application. */
@Injectable()
export class EventSocketServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventSocketServer.name);
  private readonly server = new WebSocketServer(serverOptions);
  private readonly heartbeats: Wheel<SocketConnection>;
  private readonly pings: Wheel<SocketConnection>;
  private isClosing = false;
  private whenEmpty: () => void = () => undefined;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly streams: EventStreamsService,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'basePath'> & Partial<Pick<AppConfig, 'role'>>,
    @Inject(RUN_CONTROL) private readonly runs: RunControl,
    @Inject(SOCKET_ACCESS) private readonly access: SocketAccess,
    @Optional() @Inject(STREAM_OPTIONS) private readonly options: StreamOptions = defaultStreamOptions,
  ) {
    const { heartbeatMs, pingMs } = options;
    this.heartbeats = new Wheel({ periodMs: heartbeatMs, slots: 15, visit: (connections) => beat(connections) });
    this.pings = new Wheel({ periodMs: pingMs, slots: 25, visit: (connections) => this.ping(connections) });
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'worker') return;
    const httpServer = this.adapterHost.httpAdapter.getHttpServer() as UpgradingServer;
    // Other upgrades (h2c, as Java's HTTP client asks for it) are answered as the plain requests that they are.
    httpServer.shouldUpgradeCallback = (request) => isSocketUpgrade(request, this.config.basePath);
    httpServer.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.heartbeats.start();
    this.pings.start();
  }

  /** Open sockets would keep the HTTP server from closing: clients are told to reconnect, then cut off. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    this.heartbeats.stop();
    this.pings.stop();
    const isEmpty = new Promise<void>((resolve) => (this.whenEmpty = resolve));
    const connections = this.heartbeats.items();
    if (connections.length === 0) return;
    for (const connection of connections) connection.close(1012, 'the server restarts; come back with the last cursor');
    await Promise.race([isEmpty, delay(shutdownWaitMs, undefined, { ref: false })]);
    for (const connection of this.heartbeats.items()) connection.terminate();
  }

  get openConnections(): number {
    return this.heartbeats.size;
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.isClosing) {
      refuseUpgrade(socket, 503, 'The server is stopping.');
      return;
    }
    // Nobody else listens while it is found out who asks.
    const ignore = () => undefined;
    socket.on('error', ignore);
    this.access.admit(request).then(
      (user) => {
        socket.off('error', ignore);
        this.server.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, socket, user));
      },
      (error: unknown) => this.refuse(socket, error),
    );
  }

  private refuse(socket: Duplex, error: unknown): void {
    if (error instanceof ProblemException) {
      refuseUpgrade(socket, error.getStatus(), error.message);
      return;
    }
    this.logger.error(error instanceof Error ? error.stack : String(error));
    refuseUpgrade(socket, 500, 'The server failed to open this WebSocket; its log says why. Trying again is safe.');
  }

  private open(webSocket: WebSocket, socket: Duplex, user: SocketUser): void {
    const connection = new SocketConnection(webSocket, socket);
    const leave = [this.heartbeats.add(connection), this.pings.add(connection)];
    webSocket.once('close', () => {
      for (const leaveWheel of leave) leaveWheel();
      if (this.heartbeats.size === 0) this.whenEmpty();
    });
    try {
      leave.push(user.hold(() => connection.close(4401, 'the session has ended; sign in again')));
    } catch (error) {
      connection.close(4429, error instanceof ProblemException ? error.message.slice(0, 120) : 'refused');
      return;
    }
    const session = new SocketSession(connection, { streams: this.streams, runs: this.runs, user });
    webSocket.on('message', (data: RawData, isBinary: boolean) => session.receive(textOf(data), isBinary));
  }

  private ping(connections: ReadonlySet<SocketConnection>): void {
    const pinged = [...connections];
    for (const connection of pinged) connection.ping();
    setTimeout(() => {
      for (const connection of pinged) connection.checkPong();
    }, this.options.pongMs).unref();
  }
}

/** A WebSocket may carry many subscriptions: its heartbeat names no cursor. */
function beat(connections: ReadonlySet<SocketConnection>): void {
  const frame = textFrame(JSON.stringify(heartbeatMessage(new Date().toISOString(), null)));
  for (const connection of connections) connection.beat(frame);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}
