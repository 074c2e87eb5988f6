import { eventMessageSchema, runEventTypes } from '@gan-dashboard/shared-types';
import type { EventMessage } from '@gan-dashboard/shared-types';

export type Frame = { kind: 'message'; message: EventMessage } | { kind: 'replay_gap' } | { kind: 'rejected' };

const knownTypes = new Set<string>([...runEventTypes, 'heartbeat']);

/** Checks frames of a stream where they enter; what it can't use is reported, once per type. */
export class FrameParser {
  private readonly reported = new Set<string>();

  parse(text: string): Frame {
    const type = typeOf(text);
    if (type.name === 'replay_gap') return { kind: 'replay_gap' };
    const result = eventMessageSchema.safeParse(type.body);
    if (result.success) return { kind: 'message', message: result.data };
    const reason = knownTypes.has(type.name) ? 'does not fit the contract' : 'is of an unknown type';
    this.report(`An event of type "${type.name}" ${reason} and is not shown`, type.name, text);
    return { kind: 'rejected' };
  }

  private report(message: string, type: string, text: string): void {
    if (this.reported.has(type)) return;
    this.reported.add(type);
    console.warn(message, text.slice(0, 500));
  }
}

function typeOf(text: string): { name: string; body: unknown } {
  try {
    const body = JSON.parse(text) as unknown;
    const name = typeof body === 'object' && body !== null && 'type' in body ? String(body.type) : 'none';
    return { name, body };
  } catch {
    return { name: 'not JSON', body: undefined };
  }
}
