import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Chart } from 'chart.js';
import { Toasts } from '../../design/toast';
import { Theme } from '../../shell/theme';
import { plainView } from './chart-view';
import { MetricChart } from './metric-chart';
import type { MetricLine } from './metric-line';

function aLine(values: readonly number[]): MetricLine {
  const step = values.map((_, index) => (index + 1) * 10);
  const rest = { epoch: values.map((_, index) => index + 1), time: step.map((at) => at * 1_000) };
  return { label: 'Generator', color: 'red', step, ...rest, value: values, low: values, high: values };
}

/** All that a chart calls of a canvas, to no effect: jsdom has none. */
function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const known: Record<string, unknown> = { canvas, length: 0, measureText: () => ({ width: 10 }) };
  return new Proxy(known, {
    get: (target, name) => (typeof name === 'string' && name in target ? target[name] : () => undefined),
    set: () => true,
  }) as unknown as CanvasRenderingContext2D;
}

const sights = new Set<(isNear: boolean) => void>();

class Sight {
  private readonly say = (isIntersecting: boolean) => this.tell([{ isIntersecting }]);
  constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
  observe(): void {
    sights.add(this.say);
  }
  disconnect(): void {
    sights.delete(this.say);
  }
}

class Sizes {
  observe(): void {
    return undefined;
  }
  unobserve(): void {
    return undefined;
  }
  disconnect(): void {
    return undefined;
  }
}

async function setUp(lines: readonly MetricLine[], inputs: Record<string, unknown> = {}) {
  TestBed.configureTestingModule({ providers: [{ provide: Theme, useValue: { isDark: signal(false) } }] });
  const chart = TestBed.createComponent(MetricChart);
  const all = { chartId: 'losses', title: 'Losses', lines, view: plainView, ...inputs };
  for (const [name, value] of Object.entries(all)) chart.componentRef.setInput(name, value);
  await chart.whenStable();
  const host = chart.nativeElement as HTMLElement;
  const byId = (id: string) => host.querySelector<HTMLElement>(`[data-testid="losses-${id}"]`);
  const scrollTo = async (isNear: boolean) => {
    for (const say of sights) say(isNear);
    await chart.whenStable();
  };
  const press = async (id: string) => {
    byId(id)?.click();
    await chart.whenStable();
  };
  return { chart, host, byId, scrollTo, press, toasts: TestBed.inject(Toasts) };
}

const drawnCharts = () => Object.keys(Chart.instances).length;

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', Sight);
  vi.stubGlobal('ResizeObserver', Sizes);
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (this: HTMLCanvasElement) {
    return contextOf(this);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a chart without a value', () => {
  it('says why instead of drawing axes', async () => {
    const { byId, host, scrollTo } = await setUp([aLine([])], { whyEmpty: 'It is queued.' });
    await scrollTo(true);
    expect(byId('empty')?.textContent).toBe('It is queued.');
    expect(host.querySelector('canvas')).toBeNull();
  });

  it('has no picture to save, and says so', async () => {
    const { byId, scrollTo } = await setUp([aLine([])]);
    await scrollTo(true);
    expect(byId('png')).toHaveProperty('disabled', true);
    expect(byId('png')?.title).toBe('There is nothing to picture yet.');
  });
});

describe('a chart far out of sight', () => {
  it('draws nothing, and keeps its heading, its place to stop at, its last value and its sentence', async () => {
    const { host, byId } = await setUp([aLine([3, 2, 1])]);
    expect(host.querySelector('canvas')).toBeNull();
    expect(drawnCharts()).toBe(0);
    expect(host.querySelector('h3')?.textContent).toBe('Losses');
    expect(host.querySelector('.pad')?.getAttribute('tabindex')).toBe('0');
    expect(host.querySelector('.legend strong')?.textContent).toBe('1.000');
    expect(byId('far')?.getAttribute('aria-label')).toContain('Generator went from 3.000 to 1.000');
  });

  it('draws what it has missed when it comes near, and holds nothing when it is far again', async () => {
    const { chart, byId, host, scrollTo } = await setUp([aLine([3, 2])]);
    await scrollTo(true);
    expect(byId('canvas')?.dataset['points']).toBe('2');
    expect(drawnCharts()).toBe(1);
    await scrollTo(false);
    expect(host.querySelector('canvas')).toBeNull();
    expect(drawnCharts()).toBe(0);

    chart.componentRef.setInput('lines', [aLine([3, 2, 1, 0.5])]);
    await chart.whenStable();
    expect(host.querySelector('canvas')).toBeNull();
    expect(host.querySelector('.legend strong')?.textContent).toBe('0.5000');
    await scrollTo(true);
    expect(byId('canvas')?.dataset['points']).toBe('4');
    const [drawn] = Object.values(Chart.instances);
    expect(drawn?.data.datasets[0]?.data).toHaveLength(4);
  });

  it('is on the paper all the same', async () => {
    const { byId, host } = await setUp([aLine([3, 2])]);
    window.dispatchEvent(new Event('beforeprint'));
    // Without waiting: the browser does not either.
    expect(byId('canvas')?.dataset['points']).toBe('2');
    expect(drawnCharts()).toBe(1);
    window.dispatchEvent(new Event('afterprint'));
    expect(host.querySelector('canvas')).toBeNull();
  });

  it('is watched no longer once it is gone', async () => {
    const { chart, scrollTo } = await setUp([aLine([3, 2])]);
    await scrollTo(true);
    expect(sights.size).toBe(1);
    chart.destroy();
    expect(sights.size).toBe(0);
    expect(drawnCharts()).toBe(0);
  });
});

describe('the menu of a chart', () => {
  /** What is handed to the browser as a file, by its name. */
  function savedFiles() {
    const blobs: Blob[] = [];
    const files = new Map<string, Blob>();
    vi.stubGlobal(
      'URL',
      Object.assign(class extends URL {}, {
        createObjectURL: (blob: Blob) => `blob:${blobs.push(blob) - 1}`,
        revokeObjectURL: () => undefined,
      }),
    );
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      const blob = blobs[Number(this.href.slice('blob:'.length))];
      if (blob) files.set(this.download, blob);
    });
    return files;
  }

  function drawPictures() {
    vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done, type) => {
      done(new Blob(['pixels'], { type: type ?? '' }));
    });
  }

  it('asks for the full screen, and back', async () => {
    const { chart, byId, host, press } = await setUp([aLine([3, 2])]);
    const wishes: boolean[] = [];
    chart.componentInstance.fullChange.subscribe((isFull) => wishes.push(isFull));
    await press('full');
    chart.componentRef.setInput('isFull', true);
    await chart.whenStable();
    expect(host.classList.contains('full')).toBe(true);
    expect(byId('full')?.textContent?.trim()).toBe('Leave full screen');
    await press('full');
    expect(wishes).toEqual([true, false]);
  });

  it('shows a table in the place of the chart, newest first, and the chart again', async () => {
    const { byId, host, press, scrollTo } = await setUp([aLine([3, 2])]);
    await scrollTo(true);
    await press('table');
    expect(host.querySelector('canvas')).toBeNull();
    const rows = [...host.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent?.trim()),
    );
    expect(rows).toEqual([
      ['20', '2.000'],
      ['10', '3.000'],
    ]);
    expect(byId('copy')).toHaveProperty('disabled', true);
    expect(byId('copy')?.title).toBe('Show it as a chart first.');
    await press('table');
    expect(host.querySelector('canvas')).not.toBeNull();
  });

  it('saves the points as CSV, also those out of sight', async () => {
    const files = savedFiles();
    const { press } = await setUp([aLine([3, 2])], { window: { mode: 'frozen', from: 10, to: 11, seen: 20 } });
    await press('csv');
    expect((await files.get('Losses.csv')?.text())?.split('\r\n')).toEqual([
      'metric,step,epoch,time,value,min,max',
      'Generator,10,1,1970-01-01T00:00:10.000Z,3,3,3',
      'Generator,20,2,1970-01-01T00:00:20.000Z,2,2,2',
      '',
    ]);
  });

  it('saves the chart as a picture', async () => {
    const files = savedFiles();
    drawPictures();
    const { press, scrollTo } = await setUp([aLine([3, 2])]);
    await scrollTo(true);
    await press('png');
    await vi.waitFor(() => expect(files.get('Losses.png')?.type).toBe('image/png'));
  });

  it('copies the chart as a picture and says so', async () => {
    drawPictures();
    const copied: unknown[] = [];
    class Item {
      constructor(readonly parts: Record<string, Promise<Blob>>) {}
    }
    vi.stubGlobal('ClipboardItem', Item);
    vi.stubGlobal('navigator', {
      clipboard: { write: (items: Item[]) => Promise.resolve(void copied.push(...items)) },
    });
    const { press, scrollTo, toasts } = await setUp([aLine([3, 2])]);
    await scrollTo(true);
    await press('copy');
    await vi.waitFor(() => expect(toasts.items()[0]?.text).toBe('Picture of “Losses” copied'));
    expect((await (copied[0] as Item).parts['image/png'])?.type).toBe('image/png');
  });

  it('says where a picture cannot be copied', async () => {
    drawPictures();
    vi.stubGlobal('navigator', {});
    const { press, scrollTo, toasts } = await setUp([aLine([3, 2])]);
    await scrollTo(true);
    await press('copy');
    await vi.waitFor(() => expect(toasts.items()[0]?.tone).toBe('bad'));
    expect(toasts.items()[0]?.text).toContain('https or on localhost only');
  });

  it('asks for a link to the chart, and closes', async () => {
    const { chart, host, press } = await setUp([aLine([3, 2])]);
    let wishes = 0;
    chart.componentInstance.linkWish.subscribe(() => wishes++);
    const menu = host.querySelector('details');
    if (menu) menu.open = true;
    await press('link');
    expect(wishes).toBe(1);
    expect(menu?.open).toBe(false);
  });
});
