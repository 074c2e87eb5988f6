import * as z from 'zod';
import { idSchema, problemSchema, timestampSchema } from './common';
import { channels, eventMessageSchema, runStatusSchema } from './events';

const requestId = z
  .string()
  .max(100)
  .optional()
  .meta({ description: 'Chosen by the client; the answer to this message repeats it' });

const channelList = z.array(z.enum(channels)).min(1).max(channels.length);

/** Starts a subscription; one of the same channels and run takes the place of the one before. */
export const subscribeRequestSchema = z
  .strictObject({
    subscribe: channelList,
    run: idSchema.optional().meta({ description: 'One run; absent: all runs' }),
    last_event_id: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'Cursor of an earlier subscription of the same channels and run; "0" for everything kept' }),
    request_id: requestId,
  })
  .meta({ id: 'SubscribeRequest' });

/** Ends the subscription of these channels and this run; `true` ends all of them, or all of the run. */
export const unsubscribeRequestSchema = z
  .strictObject({
    unsubscribe: z.union([channelList, z.literal(true)]),
    run: idSchema.optional(),
    request_id: requestId,
  })
  .meta({ id: 'UnsubscribeRequest' });

export const runControls = ['stop', 'pause', 'resume', 'checkpoint'] as const;
export type RunControlName = (typeof runControls)[number];

/** Does to a run what `POST /api/v1/runs/{id}/{control}` does. */
export const controlRequestSchema = z
  .strictObject({ control: z.enum(runControls), run: idSchema, request_id: requestId })
  .meta({ id: 'ControlRequest' });

export type SubscribeRequest = z.infer<typeof subscribeRequestSchema>;
export type UnsubscribeRequest = z.infer<typeof unsubscribeRequestSchema>;
export type ControlRequest = z.infer<typeof controlRequestSchema>;
/** What a client may send on the WebSocket. */
export type WebSocketRequest = SubscribeRequest | UnsubscribeRequest | ControlRequest;

/**
 * The WebSocket's counterpart of an SSE `id:` line: once it has arrived, everything up to this cursor has. It belongs
 * to the subscription of `channels` and `run_id`.
 */
export const cursorMessageSchema = z
  .object({
    type: z.literal('cursor'),
    run_id: idSchema.optional(),
    timestamp: timestampSchema,
    data: z.object({ last_event_id: z.string(), channels: channelList }),
  })
  .meta({ id: 'CursorMessage' });
export type CursorMessage = z.infer<typeof cursorMessageSchema>;

export const subscriptionSchema = z
  .object({ channels: channelList, run: idSchema.optional() })
  .meta({ id: 'Subscription' });
export type Subscription = z.infer<typeof subscriptionSchema>;

/** A request was carried out: what is subscribed to now, or the state of the run that was controlled. */
export const ackMessageSchema = z
  .object({
    type: z.literal('ack'),
    request_id: requestId,
    timestamp: timestampSchema,
    data: z.union([
      z.object({ subscriptions: z.array(subscriptionSchema) }),
      z.object({ control: z.enum(runControls), run: idSchema, status: runStatusSchema }),
    ]),
  })
  .meta({ id: 'AckMessage' });
export type AckMessage = z.infer<typeof ackMessageSchema>;

/** A request was refused; the connection and its subscriptions go on. */
export const errorMessageSchema = z
  .object({ type: z.literal('error'), request_id: requestId, timestamp: timestampSchema, data: problemSchema })
  .meta({ id: 'ErrorMessage' });
export type ErrorMessage = z.infer<typeof errorMessageSchema>;

/** Any message that the server sends on the WebSocket: those of the event streams, cursors and answers. */
export const webSocketMessageSchema = z
  .union([eventMessageSchema, cursorMessageSchema, ackMessageSchema, errorMessageSchema])
  .meta({ id: 'WebSocketMessage' });
export type WebSocketMessage = z.infer<typeof webSocketMessageSchema>;
