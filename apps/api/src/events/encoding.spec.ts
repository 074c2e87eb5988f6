import { channels } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { encodingOf } from './encoding';
import type { Frame } from './frame';

const frame: Frame = { runId: '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a', seq: 7, channel: 'logs', json: '{"text":"é"}' };

describe.each(['sse', 'websocket'] as const)('an event encoded for %s', (transport) => {
  it.each([undefined, frame.runId])('holds on to no memory but its own, in the stream of %s', (runId) => {
    const bytes = encodingOf(transport, { runId, channels: [...channels] }).event(frame);
    expect(bytes.toString()).toContain(frame.json);
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });
});
