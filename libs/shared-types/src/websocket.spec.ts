import { describe, expect, it } from 'vitest';
import {
  controlRequestSchema,
  subscribeRequestSchema,
  unsubscribeRequestSchema,
  webSocketMessageSchema,
} from './websocket';

const run = '11111111-1111-4111-8111-111111111111';
const timestamp = '2026-11-23T10:00:00.000Z';

describe('what a client may send', () => {
  it('subscribes to channels that exist', () => {
    const request = { subscribe: ['training', 'logs'], run, last_event_id: '0', request_id: 'a' };
    expect(subscribeRequestSchema.parse(request)).toEqual(request);
    for (const wrong of [{ subscribe: [] }, { subscribe: ['metrics'] }, { subscribe: ['logs'], runs: run }]) {
      expect(subscribeRequestSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });

  it('unsubscribes from some channels or from all', () => {
    expect(unsubscribeRequestSchema.safeParse({ unsubscribe: true }).success).toBe(true);
    expect(unsubscribeRequestSchema.safeParse({ unsubscribe: ['progress'], run }).success).toBe(true);
    expect(unsubscribeRequestSchema.safeParse({ unsubscribe: false }).success).toBe(false);
  });

  it('controls one run', () => {
    expect(controlRequestSchema.safeParse({ control: 'stop', run }).success).toBe(true);
    expect(controlRequestSchema.safeParse({ control: 'stop' }).success).toBe(false);
    expect(controlRequestSchema.safeParse({ control: 'delete', run }).success).toBe(false);
  });
});

describe('what the server answers', () => {
  it.each([
    { type: 'cursor', run_id: run, timestamp, data: { last_event_id: '5-9', channels: ['logs'] } },
    { type: 'ack', request_id: 'a', timestamp, data: { subscriptions: [{ channels: ['logs'], run }] } },
    { type: 'ack', timestamp, data: { control: 'stop', run, status: 'stopping' } },
    { type: 'error', timestamp, data: { type: 'about:blank', title: 'Not Found', status: 404 } },
    { type: 'heartbeat', timestamp, data: { server_time: timestamp, last_event_id: null } },
  ])('$type', (message) => expect(webSocketMessageSchema.parse(message)).toEqual(message));

  it('has no other type', () => {
    expect(webSocketMessageSchema.safeParse({ type: 'pong', timestamp, data: {} }).success).toBe(false);
  });
});
