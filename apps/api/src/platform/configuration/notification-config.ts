import { z } from 'zod';

export interface NotificationConfig {
  /** `smtp://user:password@host:587`; undefined: no e-mail is sent. */
  readonly smtpUrl: string | undefined;
  readonly smtpFrom: string;
  /** Hosts of private addresses that webhooks may go to all the same, in lower case. */
  readonly allowedPrivateHosts: readonly string[];
}

export const notificationShape = {
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s]+$/, 'must look like smtp://user:password@mail.example.com:587')
    .optional(),
  SMTP_FROM: z.string().min(3).max(320).default('GAN Dashboard <gan-dashboard@localhost>'),
  WEBHOOK_ALLOWED_PRIVATE_HOSTS: z.string().default(''),
};
type NotificationValues = z.infer<z.ZodObject<typeof notificationShape>>;

export function notificationsOf(values: NotificationValues): NotificationConfig {
  return {
    smtpUrl: values.SMTP_URL,
    smtpFrom: values.SMTP_FROM,
    allowedPrivateHosts: values.WEBHOOK_ALLOWED_PRIVATE_HOSTS.split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
  };
}
