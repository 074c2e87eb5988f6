import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { ElementRef } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { logLevels } from '@gan-dashboard/shared-types';
import type { LogEntry, LogMatches } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { formatClock, formatCount } from '../../design/format';
import { Icon } from '../../design/icon';
import { ProblemNotice } from '../../problems/problem-notice';
import { LogFollow } from '../log-follow';
import { copyText } from '../log-text';
import { onScrollUp } from '../scroll-up';
import { ansiParts } from './ansi';
import { LogApi } from './log-api';
import type { LogFilter } from './log-api';
import { LogPages } from './log-pages';
import { contentPx, nextMatch, rowsInSight, topOfRow } from './log-scroll';
import { AriaLabel } from '../../design/aria-label';

const searchRestMs = 250;

/** The whole log of a run, however long: what is in sight is read from the server and drawn. */
@Component({
  selector: 'gd-log-view',
  imports: [AriaLabel, Icon, ProblemNotice],
  providers: [LogPages],
  templateUrl: './log-view.html',
  styleUrl: './log-view.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LogView {
  readonly runId = input.required<string>();
  /** The newest lines, as they come. */
  readonly tail = input.required<readonly LogEntry[]>();
  readonly download = output();

  private readonly api = inject(LogApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  private readonly fragment = toSignal(this.route.fragment, { initialValue: this.route.snapshot.fragment });
  private readonly pane = viewChild.required<ElementRef<HTMLElement>>('pane');
  protected readonly pages = inject(LogPages);
  protected readonly follow = new LogFollow();

  protected readonly levels = logLevels;
  protected readonly streams = ['stdout', 'stderr'] as const;
  protected readonly formatClock = formatClock;
  protected readonly formatCount = formatCount;
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly said = signal('');
  protected readonly isWrapped = signal(false);
  /** Null until a search was answered. */
  protected readonly matches = signal<LogMatches | null>(null);
  protected readonly current = signal(-1);
  private readonly scroll = signal({ top: 0, height: 400 });
  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  protected readonly filter = computed<LogFilter>(() => this.filterOfAddress(), {
    equal: (a, b) => a.search === b.search && a.level === b.level && a.stream === b.stream,
  });
  /** Chips hide lines; a search alone only marks them. */
  protected readonly isNarrowed = computed(() => this.filter().level !== '' || this.filter().stream !== '');
  private readonly isAsked = computed(() => this.isNarrowed() || this.filter().search !== '');
  protected readonly lineCount = computed(() => this.tail().at(-1)?.line ?? 0);
  protected readonly rowCount = computed(() =>
    this.isNarrowed() ? (this.matches()?.lines.length ?? 0) : this.lineCount(),
  );
  protected readonly height = computed(() => contentPx(this.rowCount()));
  private readonly matching = computed(() => new Set(this.filter().search === '' ? [] : this.matches()?.lines));
  protected readonly linked = computed(() => Number(/^L(\d+)$/.exec(this.fragment() ?? '')?.[1] ?? 0));
  private readonly numbers = computed(() => {
    const { first, count } = rowsInSight(this.scroll(), this.rowCount());
    return Array.from({ length: count }, (_, index) => this.lineOfRow(first + index));
  });
  protected readonly isAtEnd = computed(() => {
    const { top, height } = this.scroll();
    return this.height() > height && top + height >= this.height() - 1;
  });
  protected readonly rows = computed(() => {
    this.pages.version();
    const found = this.matches()?.lines[this.current()];
    return this.numbers().map((line) => {
      const entry = this.entry(line);
      return {
        line,
        entry,
        parts: entry ? ansiParts(entry.message) : [],
        isMatch: this.matching().has(line),
        isCurrent: line === found || line === this.linked(),
      };
    });
  });
  protected readonly matchText = computed(() => {
    const matches = this.matches();
    if (!matches || !this.isAsked()) return '';
    if (matches.total === 0) return $localize`No line matches`;
    const place = this.current() < 0 ? '' : `${formatCount(this.current() + 1)} / `;
    const listed =
      matches.lines.length < matches.total ? $localize`, the first ${formatCount(matches.lines.length)} listed` : '';
    return `${place}${formatCount(matches.total)}${listed}`;
  });

  constructor() {
    effect(() => {
      this.pages.open(this.runId());
      this.follow.reset();
    });
    effect(() => this.follow.appended(this.lineCount()));
    effect(() => {
      const [id, filter] = [this.runId(), this.filter()];
      untracked(() => void this.find(id, filter));
    });
    effect(() => {
      this.pages.version();
      const missing = this.numbers().filter((line) => !this.inTail(line));
      if (missing.length > 0) this.pages.want(missing);
    });
    effect(() => {
      const line = this.linked();
      if (line > 0 && this.lineCount() > 0) untracked(() => this.toLine(line));
    });
    afterRenderEffect(() => {
      this.height();
      if (this.follow.isFollowing()) this.toEnd();
    });
    effect((onCleanup) => {
      const element = this.pane().nativeElement;
      const sized = new ResizeObserver(() => this.measure());
      sized.observe(element);
      const ended = onScrollUp(element, () => element.scrollTop > 0 && this.follow.letGo());
      onCleanup(() => (sized.disconnect(), ended()));
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.searchTimer));
  }

  protected scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.pane().nativeElement;
    this.follow.scrolled(scrollTop, scrollHeight - clientHeight - scrollTop);
    this.measure();
  }

  protected typed(text: string): void {
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.go({ find: text || null }), searchRestMs);
  }

  protected choose(part: 'level' | 'stream', value: string): void {
    this.go({ [part]: this.filter()[part] === value ? null : value });
  }

  protected step(direction: 1 | -1): void {
    const matches = this.matches();
    if (!matches) return;
    const from = matches.lines[this.current()] ?? (direction === 1 ? 0 : Infinity);
    this.showMatch(nextMatch(matches.lines, from, direction));
  }

  protected toLine(line: number): void {
    const row = this.isNarrowed() ? (this.matches()?.lines.indexOf(line) ?? -1) : line - 1;
    if (row < 0) return;
    this.follow.letGo();
    const element = this.pane().nativeElement;
    element.scrollTop = topOfRow(row, element.clientHeight, this.rowCount());
    this.follow.moved(element.scrollTop);
    this.measure();
  }

  protected async copyLink(line: number): Promise<void> {
    this.router
      .navigate([], { relativeTo: this.route, fragment: `L${line}`, queryParamsHandling: 'preserve', replaceUrl: true })
      .catch((error: unknown) => console.error('The address could not be changed', error));
    try {
      await copyText(`${location.href.split('#')[0]}#L${line}`);
      this.said.set($localize`Link to line ${line} copied`);
    } catch (error) {
      this.said.set(error instanceof Error ? error.message : $localize`The browser refused to copy.`);
    }
  }

  private filterOfAddress(): LogFilter {
    const query = this.query();
    const asked = (name: string) => query.get(name);
    return {
      search: asked('find') ?? '',
      level: logLevels.find((level) => level === asked('level')) ?? '',
      stream: this.streams.find((stream) => stream === asked('stream')) ?? '',
    };
  }

  private async find(id: string, filter: LogFilter): Promise<void> {
    this.current.set(-1);
    if (filter.search === '' && filter.level === '' && filter.stream === '') return this.matches.set(null);
    try {
      const matches = await this.api.matches(id, filter);
      if (this.filter() !== filter || this.runId() !== id) return;
      this.matches.set(matches);
      this.problem.set(null);
      if (filter.search !== '' && matches.lines.length > 0) this.showMatch(0);
    } catch (error) {
      if (this.filter() === filter) this.problem.set(toApiProblem(error));
    }
  }

  private showMatch(index: number): void {
    const line = this.matches()?.lines[index];
    if (line === undefined) return;
    this.current.set(index);
    this.toLine(line);
  }

  private lineOfRow(row: number): number {
    return this.isNarrowed() ? (this.matches()?.lines[row] ?? 0) : row + 1;
  }

  private inTail(line: number): LogEntry | undefined {
    const first = this.tail()[0]?.line ?? Infinity;
    const entry = this.tail()[line - first];
    return entry?.line === line ? entry : undefined;
  }

  private entry(line: number): LogEntry | undefined {
    return this.inTail(line) ?? this.pages.line(line);
  }

  private toEnd(): void {
    const element = this.pane().nativeElement;
    element.scrollTop = element.scrollHeight;
    this.follow.moved(element.scrollTop);
    this.measure();
  }

  private measure(): void {
    const { scrollTop: top, clientHeight: height } = this.pane().nativeElement;
    const known = this.scroll();
    if (known.top !== top || known.height !== height) this.scroll.set({ top, height });
  }

  private go(queryParams: Record<string, string | null>): void {
    this.router
      .navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge', replaceUrl: true })
      .catch((error: unknown) => console.error('The address could not be changed', error));
  }
}
