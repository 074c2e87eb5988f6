import { channelOf, runEventTypes } from '@gan-dashboard/shared-types';
import type { RunEventType } from '@gan-dashboard/shared-types';

/** A message as it came, with what can be read of it; nothing is refused here. Times in milliseconds since 1970. */
export interface InspectedMessage {
  /** Counts the messages of this page. */
  number: number;
  stream: string;
  at: number;
  text: string;
  /** Of the payload, in UTF-8. */
  bytes: number;
  type: string;
  runId: string | null;
  seq: number | null;
  prevSeq: number | null;
  channel: string | null;
  sentAt: number | null;
  /** `at` less `sentAt`; null for a message that was sent before the stream was opened. */
  latencyMs: number | null;
}

const utf8 = new TextEncoder();

/** @param openedAt when the stream was opened: older messages are a replay, their age is no latency. */
export function inspect(
  text: string,
  place: { number: number; stream: string; at: number; openedAt: number },
): InspectedMessage {
  const body = objectIn(text);
  const type = typeof body['type'] === 'string' ? body['type'] : 'unreadable';
  const sentAt = typeof body['timestamp'] === 'string' ? Date.parse(body['timestamp']) : NaN;
  const isTimed = !Number.isNaN(sentAt);
  return {
    number: place.number,
    stream: place.stream,
    at: place.at,
    text,
    bytes: utf8.encode(text).length,
    type,
    runId: typeof body['run_id'] === 'string' ? body['run_id'] : null,
    seq: numberIn(body['seq']),
    prevSeq: numberIn(body['prev_seq']),
    channel: (runEventTypes as string[]).includes(type) ? channelOf(type as RunEventType) : null,
    sentAt: isTimed ? sentAt : null,
    latencyMs: isTimed && sentAt >= place.openedAt ? place.at - sentAt : null,
  };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function numberIn(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
