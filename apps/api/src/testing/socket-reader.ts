import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { webSocketMessageSchema } from '@gan-dashboard/shared-types';
import type { WebSocketMessage, WebSocketRequest } from '@gan-dashboard/shared-types';

/** A WebSocket client that keeps all messages, each checked against the contract, and waits for conditions. */
export class SocketReader {
  readonly messages: WebSocketMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  private waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.messages.push(webSocketMessageSchema.parse(JSON.parse(data.toString())));
      this.wake();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.wake();
    });
    socket.on('error', () => this.wake());
  }

  /** @throws Error with the status when the server refuses the upgrade. */
  static async open(url: string, options: ClientOptions = {}): Promise<SocketReader> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), options);
    const reader = new SocketReader(socket);
    await once(socket, 'open');
    return reader;
  }

  send(request: WebSocketRequest | Record<string, unknown> | string): void {
    this.socket.send(typeof request === 'string' ? request : JSON.stringify(request));
  }

  /** Cursor of the subscriptions of a run, or of all runs. */
  cursorOf(runId: string | undefined): string | undefined {
    const last = this.messages.findLast((message) => message.type === 'cursor' && message.run_id === runId);
    return last?.type === 'cursor' ? last.data.last_event_id : undefined;
  }

  /** Places of a run's events in the order of their arrival. */
  seqsOf(runId: string): number[] {
    return this.messages.flatMap((message) => ('seq' in message && message.run_id === runId ? [message.seq] : []));
  }

  answers(): Extract<WebSocketMessage, { type: 'ack' | 'error' }>[] {
    return this.messages.filter((message) => message.type === 'ack' || message.type === 'error');
  }

  /** Resolves as soon as the condition holds; rejects when the connection closes before. */
  async until(condition: (reader: SocketReader) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.closed)
        throw new Error(`closed (${JSON.stringify(this.closed)}) after ${JSON.stringify(this.messages)}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    while (!this.closed) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.closed;
  }

  close(): void {
    this.socket.close();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
