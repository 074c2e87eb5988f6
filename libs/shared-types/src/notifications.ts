import * as z from 'zod';
import { idSchema, timestampSchema } from './common';

export const notificationEvents = ['completed', 'failed', 'alert'] as const;
export type NotificationEvent = (typeof notificationEvents)[number];
export const notificationKinds = ['webhook', 'slack', 'email'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

const addressExample = 'https://hooks.example.com/gan';

export const notificationCreateSchema = z
  .strictObject({
    kind: z.enum(notificationKinds),
    address: z
      .string()
      .min(3)
      .max(2_000)
      .meta({ description: 'URL of a webhook, or an e-mail address', examples: [addressExample] }),
    events: z.array(z.enum(notificationEvents)).min(1).max(3),
    project_id: idSchema
      .nullish()
      .meta({ description: 'All runs of this project; without it, the runs that are yours' }),
  })
  .superRefine(({ kind, address }, context) => {
    const isFine = (kind === 'email' ? z.email() : z.url({ protocol: /^https?$/ })).safeParse(address).success;
    if (isFine) return;
    const wanted = kind === 'email' ? 'an address such as ann@example.com' : `a URL such as ${addressExample}`;
    context.addIssue({ code: 'custom', path: ['address'], message: `must be ${wanted}` });
  })
  .meta({ id: 'NotificationCreate' });
export type NotificationCreate = z.infer<typeof notificationCreateSchema>;

/** Tells one person what becomes of the runs that are theirs, or of all of a project. */
export const notificationSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    kind: z.enum(notificationKinds),
    address: z.string(),
    events: z.array(z.enum(notificationEvents)),
    project_id: idSchema.nullable().meta({ description: 'Of which project; null: of your own runs' }),
    last_sent_at: timestampSchema.nullable(),
    last_error: z.string().nullable().meta({ description: 'Why the newest message could not be delivered' }),
  })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof notificationSchema>;

export const notificationCreatedSchema = notificationSchema
  .extend({
    secret: z.string().nullable().meta({ description: 'Signs the messages of a webhook; shown this once' }),
  })
  .meta({ id: 'NotificationCreated' });
export type NotificationCreated = z.infer<typeof notificationCreatedSchema>;
export const notificationListSchema = z.object({ items: z.array(notificationSchema) }).meta({ id: 'NotificationList' });

/** The body of a webhook. */
export const notificationMessageSchema = z
  .object({
    id: z.string().meta({ description: 'The same for each try of a message: take it up once' }),
    event: z.enum([...notificationEvents, 'test']),
    text: z.string().meta({ description: 'For people; Slack and its like show it' }),
    occurred_at: timestampSchema,
    run: z.object({ id: idSchema, name: z.string(), model: z.string(), status: z.string() }).nullable(),
    url: z.string().nullable().meta({ description: 'Of the run in the dashboard, where PUBLIC_URL is set' }),
  })
  .meta({ id: 'NotificationMessage' });
export type NotificationMessage = z.infer<typeof notificationMessageSchema>;
