import { Inject, Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';

const timeoutMs = 10_000;

/** Sends e-mails by the server that the configuration names. */
@Injectable()
export class Mailer {
  constructor(@Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'notifications'>) {}

  get isConfigured(): boolean {
    return this.config.notifications.smtpUrl !== undefined;
  }

  /** @throws Error where no server is configured, or it does not take the message */
  async send(mail: { to: string; subject: string; text: string; id: string }): Promise<void> {
    const { smtpUrl, smtpFrom } = this.config.notifications;
    if (smtpUrl === undefined) throw new Error('no mail server is configured (SMTP_URL)');
    const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
    const transport = createTransport({ url: smtpUrl, ...timeouts });
    try {
      const { to, subject, text, id } = mail;
      await transport.sendMail({ from: smtpFrom, to, subject, text, headers: { 'X-Gan-Dashboard-Delivery': id } });
    } finally {
      transport.close();
    }
  }
}
