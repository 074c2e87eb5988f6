import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { Subject } from 'rxjs';
import { DataSource } from 'typeorm';

const firstRetryMs = 50;
const longestRetryMs = 1_000;

/**
 * One long-lived connection of this process, beside the pool: for what belongs to a session, such as notifications and
 * the lock by which others see that the process lives. It comes back by itself after an outage.
 */
@Injectable()
export class DatabaseSession implements OnApplicationBootstrap, OnApplicationShutdown {
  /**
   * Key of an advisory lock that this process holds as long as it lives. The server lets go of it the moment that the
   * process or its connection is gone, so that no heartbeat has to run out.
   */
  readonly instanceKey = randomInt(1, 2 ** 47);
  /** Notifications on the channels of `listen`. */
  readonly notifications = new Subject<{ channel: string; payload: string }>();
  /** The session is there, for the first time or again: what happened meanwhile was not heard. */
  readonly connected = new Subject<void>();
  private readonly logger = new Logger(DatabaseSession.name);
  private readonly channels = new Set<string>();
  private readonly stopping = new AbortController();
  private client: Client | undefined;
  private connecting: Promise<void> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {}

  /** Waits for the lock: nothing of this process may look dead to others from here on. */
  async onApplicationBootstrap(): Promise<void> {
    this.connecting = this.connect();
    await this.connecting;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  get isConnected(): boolean {
    return this.client !== undefined;
  }

  /** Notifications of this channel are heard from the next connection on; to be called before the application starts. */
  listen(channel: string): void {
    this.channels.add(channel);
  }

  /** Sends a notification, or none while there is no connection: a notification is a hint, never the news itself. */
  async notify(channel: string, payload: string): Promise<void> {
    try {
      await this.client?.query('SELECT pg_notify($1, $2)', [channel, payload]);
    } catch (error) {
      this.logger.debug(`a notification was not sent: ${String(error)}`);
    }
  }

  private async connect(): Promise<void> {
    for (let wait = firstRetryMs; !this.stopping.signal.aborted; wait = Math.min(longestRetryMs, wait * 2)) {
      const client = this.newClient();
      try {
        await this.prepare(client);
        this.client = client;
        this.connected.next();
        return;
      } catch (error) {
        this.logger.debug(`no session with the database yet: ${String(error)}`);
        client.end().catch(() => undefined);
        await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private newClient(): Client {
    const { url } = this.dataSource.options as { url: string };
    const client = new Client({
      connectionString: url,
      application_name: 'gan-dashboard session',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client.on('notification', ({ channel, payload }) => this.notifications.next({ channel, payload: payload ?? '' }));
    return client;
  }

  private async prepare(client: Client): Promise<void> {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [this.instanceKey]);
    for (const channel of this.channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  }

  private reconnect(lost: Client): void {
    if (this.client !== lost) return;
    this.client = undefined;
    if (this.stopping.signal.aborted) return;
    this.logger.warn('the session with the database was lost; connecting again');
    this.connecting = this.connect();
  }
}
