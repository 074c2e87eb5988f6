import { Injectable, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { Dataset, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatCount } from '../design/format';
import { Toasts } from '../design/toast';
import { LiveEvents } from '../live/live-events';
import { RunsStore } from '../runs/runs-store';
import { CurrentUrl } from '../shell/current-url';
import { places } from '../shell/navigation';
import { RailWidth } from '../shell/rail-width';
import { Shortcuts } from '../shell/shortcuts';
import { Theme } from '../shell/theme';
import type { Entry } from './entries';
import { RunSearch } from './run-search';

/** All that the palette can find: pages, actions, the runs and data sets that are known, and runs the server finds. */
@Injectable({ providedIn: 'root' })
export class EntrySource {
  private readonly router = inject(Router);
  private readonly runs = inject(RunsStore);
  private readonly datasets = inject(DatasetsStore);
  private readonly search = inject(RunSearch);
  private readonly theme = inject(Theme);
  private readonly live = inject(LiveEvents);
  private readonly rail = inject(RailWidth);
  private readonly toasts = inject(Toasts);
  private readonly current = inject(CurrentUrl);
  private readonly shortcuts = inject(Shortcuts);
  private readonly foundRuns = signal<readonly Run[]>([]);
  private asking = 0;

  /** Why the server's runs are missing; empty where they are not. */
  readonly problem = signal('');

  readonly entries = computed<readonly Entry[]>(() => {
    const known = new Map([...(this.runs.items() ?? []), ...this.foundRuns()].map((run) => [run.id, run]));
    return [
      ...this.pages(),
      ...this.actions(),
      ...[...known.values()].map((run) => this.ofRun(run)),
      ...(this.datasets.items() ?? []).map((dataset) => this.ofDataset(dataset)),
    ];
  });

  load(): void {
    if (this.runs.items() === null) void this.runs.load();
    if (this.datasets.items() === null) void this.datasets.load();
  }

  /** Asks the server for runs of that name; an answer to an older question is dropped. */
  async ask(query: string): Promise<void> {
    const asking = ++this.asking;
    try {
      const runs = query.trim() === '' ? [] : await this.search.byName(query.trim());
      if (asking !== this.asking) return;
      this.foundRuns.set(runs);
      this.problem.set('');
    } catch (error) {
      if (asking === this.asking) this.problem.set(toApiProblem(error).detail);
    }
  }

  private pages(): Entry[] {
    const inRail = places.map(({ path, label, icon, words = '' }) => this.page(path, label, icon, words));
    return [
      ...inRail,
      this.page('account', $localize`Account`, 'user', $localize`password tokens sessions`),
      this.page('notifications', $localize`Notifications`, 'pulse', $localize`webhook slack e-mail alerts told`),
      this.page('users', $localize`Users`, 'user', $localize`roles administrator`),
    ];
  }

  private page(path: string, label: string, icon: Entry['icon'], words: string): Entry {
    return { id: `page-${path}`, kind: $localize`Page`, label, icon, words, choose: () => this.go([`/${path}`]) };
  }

  private actions(): Entry[] {
    const action = (label: string, icon: Entry['icon'], words: string, choose: Entry['choose']): Entry => ({
      id: `action-${label}`,
      kind: $localize`Action`,
      label,
      icon,
      words,
      choose,
    });
    return [
      action($localize`New run`, 'plus', $localize`train start`, () => this.go(['/new'])),
      action($localize`Copy link to this page`, 'link', $localize`share url`, () => this.copyLink(false)),
      action($localize`Copy link with this theme`, 'link', $localize`share url dark light`, () => this.copyLink(true)),
      action($localize`Light theme`, 'sun', $localize`bright colours`, () => this.theme.choose('light')),
      action($localize`Dark theme`, 'moon', $localize`night colours`, () => this.theme.choose('dark')),
      action($localize`Theme of the system`, 'system', $localize`colours automatic`, () => this.theme.choose('system')),
      action($localize`Reconnect to the server`, 'refresh', $localize`live stream`, () => this.live.reconnectNow()),
      action($localize`Show or hide the labels of the rail`, 'chevron', $localize`collapse sidebar menu`, () =>
        this.rail.toggle(),
      ),
      action($localize`Keyboard shortcuts`, 'book', $localize`keys help`, () => this.shortcuts.open('sheet')),
    ];
  }

  private ofRun(run: Run): Entry {
    const words = run.tags.join(' ');
    const detail = `${run.status} · ${run.model}`;
    const choose = () => this.go(['/runs', run.id]);
    return { id: `run-${run.id}`, kind: $localize`Run`, label: run.name, detail, words, icon: 'runs', choose };
  }

  private ofDataset({ id, name, file_name: words, row_count: rows }: Dataset): Entry {
    const detail = rows === null ? '' : $localize`${formatCount(rows)} rows`;
    const choose = () => this.go(['/datasets', id]);
    return { id: `dataset-${id}`, kind: $localize`Data set`, label: name, detail, words, icon: 'data', choose };
  }

  private async go(commands: readonly string[]): Promise<void> {
    await this.router.navigate([...commands]);
  }

  private async copyLink(hasTheme: boolean): Promise<void> {
    const tree = this.router.parseUrl(this.current.url());
    if (hasTheme) tree.queryParams = { ...tree.queryParams, theme: this.theme.isDark() ? 'dark' : 'light' };
    const url = new URL(tree.toString().replace(/^\//, ''), document.baseURI);
    try {
      await navigator.clipboard.writeText(url.href);
      this.toasts.show($localize`Link copied`);
    } catch {
      // Without HTTPS a page may not write to the clipboard: the link is shown instead.
      this.toasts.show($localize`The browser did not allow copying. The link: ${url.href}`, { tone: 'bad' });
    }
  }
}
