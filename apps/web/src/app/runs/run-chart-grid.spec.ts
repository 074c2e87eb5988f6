import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Theme } from '../shell/theme';
import { RunChartGrid } from './run-chart-grid';
import type { RunLine } from './run-series';

/** Sections come into sight by `show`. */
function setUp(lines: ReadonlyMap<string, readonly RunLine[] | null>) {
  const show = new Map<Element, () => void>();
  class Observer {
    constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
    observe(element: Element): void {
      show.set(element, () => this.tell([{ isIntersecting: true }]));
    }
    disconnect(): void {
      return undefined;
    }
  }
  vi.stubGlobal('IntersectionObserver', Observer);
  TestBed.configureTestingModule({ providers: [{ provide: Theme, useValue: { isDark: signal(false) } }] });
  const grid = TestBed.createComponent(RunChartGrid);
  const wanted: string[] = [];
  grid.componentInstance.wanted.subscribe((metric) => wanted.push(metric));
  grid.componentRef.setInput('lines', lines);
  return { grid, wanted, show };
}

describe('charts of many runs', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('ask for what is in sight and was not read, and draw nothing else', async () => {
    const { grid, wanted, show } = setUp(
      new Map([
        ['generator_loss', []],
        ['fake_scores', null],
        ['cpu_percent', null],
      ]),
    );
    await grid.whenStable();
    expect(wanted).toEqual([]);
    const host = grid.nativeElement as HTMLElement;
    const [losses, scores] = host.querySelectorAll('section');
    for (const section of [losses, scores]) if (section) show.get(section)?.();
    await grid.whenStable();
    expect(wanted).toEqual(['fake_scores']);
    expect(host.querySelectorAll('gd-line-chart')).toHaveLength(1);
  });
});
