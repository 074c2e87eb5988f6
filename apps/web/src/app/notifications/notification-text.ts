import type { Notification, NotificationEvent, NotificationKind } from '@gan-dashboard/shared-types';
import { formatMoment } from '../design/format';

/** Characters of a path that are shown. */
const shownEnd = 4;

interface KindText {
  readonly label: string;
  readonly address: string;
  readonly example: string;
  readonly hint: string;
}

export const kindTexts: Readonly<Record<NotificationKind, KindText>> = {
  webhook: {
    label: $localize`Webhook`,
    address: 'URL',
    example: 'https://hooks.example.com/gan',
    hint: $localize`A POST of JSON, signed with a secret that is shown once.`,
  },
  slack: {
    label: $localize`Slack or compatible`,
    address: $localize`Incoming webhook URL`,
    example: 'https://hooks.slack.com/services/…',
    hint: $localize`For Slack, Mattermost, Rocket.Chat and whatever takes { "text": … }. Not signed: keep the URL to yourself.`,
  },
  email: {
    label: 'E-mail',
    address: $localize`E-mail address`,
    example: 'ann@example.com',
    hint: $localize`Needs a mail server, which an operator sets with SMTP_URL.`,
  },
};

export const eventTexts: Readonly<Record<NotificationEvent, { label: string; hint: string }>> = {
  completed: { label: $localize`Done`, hint: $localize`The training is completed.` },
  failed: { label: $localize`Failed`, hint: $localize`The run has ended with an error.` },
  alert: { label: $localize`Alert`, hint: $localize`The verdict on the training is a warning or an error.` },
};

/** `Done, Failed`. */
export function eventsText(events: readonly NotificationEvent[]): string {
  return events.map((event) => eventTexts[event].label).join(', ');
}

/** What became of the newest message; its error stands on its own. */
export function sentText({ last_sent_at: at, last_error: error }: Notification): string {
  if (at !== null) return `${error === null ? 'last' : $localize`last delivered`} ${formatMoment(at)}`;
  return error === null ? $localize`nothing sent yet` : $localize`nothing delivered yet`;
}

/** `Slack or compatible to https://hooks.slack.com/…aB3d`: enough to tell it, as a path may be all that guards a channel. */
export function shortName({ kind, address }: Pick<Notification, 'kind' | 'address'>): string {
  const { label } = kindTexts[kind];
  return $localize`${label} to ${kind === 'email' ? address : guarded(address)}`;
}

function guarded(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin } = new URL(address);
  const rest = address.slice(origin.length);
  return rest.length <= shownEnd ? `${origin}${rest}` : `${origin}/…${rest.slice(-shownEnd)}`;
}
