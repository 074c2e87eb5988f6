import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import type { Notification, NotificationCreated } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ConfirmDialog } from '../design/confirm-dialog';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { Toasts } from '../design/toast';
import { ProblemNotice } from '../problems/problem-notice';
import { NotificationForm } from './notification-form';
import { ProjectsStore } from '../projects/projects-store';
import { eventsText, sentText, shortName } from './notification-text';
import { NotificationsApi } from './notifications-api';
import { AriaLabel } from '../design/aria-label';

type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: ApiProblem }
  | { readonly state: 'ready'; readonly items: readonly Notification[] };

/** Where somebody is told of their runs: what there is, one more, a test, and the way out. */
@Component({
  selector: 'gd-notifications-page',
  imports: [AriaLabel, ConfirmDialog, Icon, NotificationForm, ProblemNotice, Skeleton],
  templateUrl: './notifications-page.html',
  styleUrl: './notifications-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotificationsPage {
  private readonly api = inject(NotificationsApi);
  private readonly toasts = inject(Toasts);
  private readonly projects = inject(ProjectsStore);
  private readonly confirm = viewChild.required(ConfirmDialog);

  protected readonly loaded = signal<Loaded>({ state: 'loading' });
  protected readonly rows = computed(() => {
    const loaded = this.loaded();
    if (loaded.state !== 'ready') return [];
    return loaded.items.map((item) => ({
      item,
      name: shortName(item),
      runs: this.runsText(item),
      events: eventsText(item.events),
      sent: sentText(item),
    }));
  });
  /** Kept on this page only: the server does not show it again. */
  protected readonly secret = signal<{ name: string; secret: string } | null>(null);
  protected readonly testing = signal<string | null>(null);
  protected readonly failure = signal<{ id: string; what: string; problem: ApiProblem } | null>(null);
  private readonly leaving = signal<Notification | null>(null);
  protected readonly deleteTitle = computed(() => {
    const leaving = this.leaving();
    return leaving ? $localize`Delete “${shortName(leaving)}”?` : 'Delete?';
  });

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    // What is there stays in sight while it is read again.
    if (this.loaded().state === 'failed') this.loaded.set({ state: 'loading' });
    try {
      this.loaded.set({ state: 'ready', items: await this.api.list() });
    } catch (error) {
      this.loaded.set({ state: 'failed', problem: toApiProblem(error) });
    }
  }

  protected added({ secret, ...item }: NotificationCreated): void {
    this.change((items) => [item, ...items]);
    const name = shortName(item);
    if (secret !== null) this.secret.set({ name, secret });
    this.toasts.show($localize`${name} added`);
  }

  protected async test(item: Notification): Promise<void> {
    if (this.testing() !== null) return;
    this.testing.set(item.id);
    this.failure.set(null);
    try {
      this.replace(await this.api.test(item.id));
      this.toasts.show($localize`${shortName(item)}\: the test message was taken`);
    } catch (error) {
      this.failure.set({ id: item.id, what: 'The test message did not arrive', problem: toApiProblem(error) });
      // The server has noted it beside the notification, or that is gone.
      await this.load();
    } finally {
      this.testing.set(null);
    }
  }

  protected askToDelete(item: Notification): void {
    this.leaving.set(item);
    this.confirm().ask();
  }

  protected async deleteNow(): Promise<void> {
    const leaving = this.leaving();
    if (!leaving) return;
    this.failure.set(null);
    try {
      await this.api.remove(leaving.id);
      this.change((items) => items.filter(({ id }) => id !== leaving.id));
      this.toasts.show($localize`${shortName(leaving)} deleted`);
    } catch (error) {
      this.failure.set({ id: leaving.id, what: 'It was not deleted', problem: toApiProblem(error) });
    }
  }

  protected async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.show($localize`Secret copied`);
    } catch {
      // Without HTTPS a page may not write to the clipboard: the secret stands there to be marked.
      this.toasts.show($localize`The browser did not allow copying: mark the secret and copy it by hand`, {
        tone: 'bad',
      });
    }
  }

  private replace(changed: Notification): void {
    this.change((items) => items.map((item) => (item.id === changed.id ? changed : item)));
  }

  private change(how: (items: readonly Notification[]) => readonly Notification[]): void {
    const loaded = this.loaded();
    // A list that could not be loaded is not made up of the one thing that is known.
    if (loaded.state === 'ready') this.loaded.set({ state: 'ready', items: how(loaded.items) });
    else void this.load();
  }

  /** A project that one has left tells nothing any more. */
  private runsText({ project_id: id }: Notification): string {
    if (id === null) return $localize`Your runs`;
    const project = this.projects.items()?.find((each) => each.id === id);
    return project ? $localize`All runs of “${project.name}”` : $localize`A project that you take no part in`;
  }
}
