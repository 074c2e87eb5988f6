import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { notificationCreateSchema, notificationEvents, notificationKinds } from '@gan-dashboard/shared-types';
import type { NotificationCreated, NotificationEvent } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ProjectsStore } from '../projects/projects-store';
import { ProblemNotice } from '../problems/problem-notice';
import { eventTexts, kindTexts } from './notification-text';
import { NotificationsApi } from './notifications-api';

type Field = 'kind' | 'address' | 'events' | 'project_id';

/** Says where and of what one wants to be told; what is wrong stands beside the field that it concerns. */
@Component({
  selector: 'gd-notification-form',
  imports: [MatButton, ProblemNotice],
  templateUrl: './notification-form.html',
  styleUrl: './notification-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotificationForm {
  readonly created = output<NotificationCreated>();
  private readonly api = inject(NotificationsApi);

  protected readonly kinds = notificationKinds.map((kind) => ({ kind, label: kindTexts[kind].label }));
  protected readonly events = notificationEvents.map((event) => ({ event, ...eventTexts[event] }));
  protected readonly kind = signal<(typeof notificationKinds)[number]>('webhook');
  protected readonly address = signal('');
  protected readonly chosen = signal<ReadonlySet<NotificationEvent>>(new Set(notificationEvents));
  /** Null: the own runs. */
  protected readonly projectId = signal<string | null>(null);
  protected readonly projects = inject(ProjectsStore);
  protected readonly texts = computed(() => kindTexts[this.kind()]);

  protected readonly isSending = signal(false);
  /** Nobody is told of a field that they have not come to. */
  private readonly isTried = signal(false);
  private readonly refusal = signal<ApiProblem | null>(null);
  private readonly request = computed(() =>
    notificationCreateSchema.safeParse({
      kind: this.kind(),
      address: this.address().trim(),
      events: notificationEvents.filter((event) => this.chosen().has(event)),
      project_id: this.projectId(),
    }),
  );
  protected readonly kindError = computed(() => this.serverError('kind'));
  protected readonly addressError = computed(() => {
    const isWrong = this.isTried() && this.hasIssue('address');
    if (!isWrong) return this.serverError('address');
    const wanted = this.kind() === 'email' ? $localize`must be an address such as` : $localize`must be a URL such as`;
    const example = this.kind() === 'email' ? kindTexts.email.example : kindTexts.webhook.example;
    return `${this.texts().address}: ${wanted} ${example}.`;
  });
  protected readonly eventsError = computed(() =>
    this.isTried() && this.hasIssue('events')
      ? $localize`Choose at least one, or there is nothing to tell.`
      : this.serverError('events'),
  );
  /** What the server refused for a reason that is no field's. */
  protected readonly problem = computed(() => {
    const refusal = this.refusal();
    return refusal && !this.hasFieldError() ? refusal : null;
  });

  protected chooseKind(value: string): void {
    this.kind.set(notificationKinds.find((kind) => kind === value) ?? 'webhook');
    this.changed();
  }

  protected chooseProject(value: string): void {
    this.projectId.set(value || null);
    this.changed();
  }

  protected enterAddress(value: string): void {
    this.address.set(value);
    this.changed();
  }

  protected choose(event: NotificationEvent, isChosen: boolean): void {
    const chosen = new Set(this.chosen());
    if (isChosen) chosen.add(event);
    else chosen.delete(event);
    this.chosen.set(chosen);
    this.changed();
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    this.isTried.set(true);
    const request = this.request();
    if (!request.success || this.isSending()) return;
    this.isSending.set(true);
    try {
      const created = await this.api.create(request.data);
      this.changed();
      this.isTried.set(false);
      this.address.set('');
      this.created.emit(created);
    } catch (error) {
      this.refusal.set(toApiProblem(error));
    } finally {
      this.isSending.set(false);
    }
  }

  /** What the server said was of other values. */
  private changed(): void {
    this.refusal.set(null);
  }

  private hasFieldError(): boolean {
    return this.kindError() !== '' || this.addressError() !== '' || this.eventsError() !== '';
  }

  private hasIssue(field: Field): boolean {
    return this.request().error?.issues.some(({ path }) => path[0] === field) ?? false;
  }

  private serverError(field: Field): string {
    const isOfField = (path: string) => path === field || path.startsWith(`${field}.`);
    return this.refusal()?.errors.find(({ path }) => isOfField(path))?.message ?? '';
  }
}
