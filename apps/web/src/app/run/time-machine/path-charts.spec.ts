import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { SamplePaths } from '@gan-dashboard/shared-types';
import { aMeasurement } from '../quality/testing';
import { PathCharts } from './path-charts';
import { extentOf, figuresOf } from './sample-paths';
import { TimeMachine } from './time-machine';

const paths: SamplePaths = {
  length: 3,
  measures: [
    { name: 'price', real: [[1, 2, 4]], synthetic: [[0, null, 10]] },
    { name: 'yield', real: [[5, 5, 5]], synthetic: [[5, 5, 5]] },
  ],
};

function all(fixture: ComponentFixture<unknown>, selector: string): HTMLElement[] {
  return [...(fixture.nativeElement as HTMLElement).querySelectorAll<HTMLElement>(selector)];
}

function text(fixture: ComponentFixture<unknown>, testId: string): string {
  return all(fixture, `[data-testid=${testId}]`)[0]?.textContent?.trim() ?? '';
}

describe('figures of paths', () => {
  it('leave out what is missing, and moves into and out of it', () => {
    expect(figuresOf([1, 2, 4])).toEqual({ first: 1, last: 4, low: 1, high: 4, step: 1.5 });
    expect(figuresOf([0, null, 10])).toEqual({ first: 0, last: 10, low: 0, high: 10, step: null });
    expect(figuresOf([null])).toEqual({ first: null, last: null, low: null, high: null, step: null });
  });

  it('share an axis that is never empty', () => {
    expect(paths.measures.map(extentOf)).toEqual([
      { low: 0, high: 10 },
      { low: 4.75, high: 5.25 },
    ]);
    expect(extentOf({ name: 'none', real: [[null]], synthetic: [] })).toEqual({ low: -1, high: 1 });
  });
});

describe('PathCharts', () => {
  let fixture: ComponentFixture<PathCharts>;

  beforeEach(async () => {
    fixture = TestBed.createComponent(PathCharts);
    fixture.componentRef.setInput('epoch', 2);
    fixture.componentRef.setInput('paths', paths);
    await fixture.whenStable();
  });

  it('draws real and synthetic paths on one axis, broken where a value is missing, and says what they are', () => {
    expect(all(fixture, 'path').map((path) => path.getAttribute('d'))).toEqual([
      'M0.00 83.20L160.00 74.40L320.00 56.80',
      'M0.00 92.00M320.00 4.00',
    ]);
    expect(all(fixture, 'svg').map((svg) => svg.getAttribute('aria-label'))).toEqual([
      'Real: 1 paths of price over 3 rows',
      'Synthetic: 1 paths of price over 3 rows',
    ]);
    expect(text(fixture, 'path-text')).toMatch(
      /^At epoch 2, paths of price over 3 rows: real ones lie between 1.* and 4.*, synthetic ones between 0.* and 10/,
    );
    expect(all(fixture, '[data-testid=path-table] tbody th').map(({ textContent }) => textContent)).toEqual([
      'Real 1',
      'Synthetic 1',
    ]);
  });

  it('keeps the measure that was chosen while the slider moves', async () => {
    const [list] = all(fixture, '[data-testid=path-measure]') as HTMLSelectElement[];
    if (!list) throw new Error('there is no list of measures');
    list.value = 'yield';
    list.dispatchEvent(new Event('change'));
    await fixture.whenStable();
    expect(text(fixture, 'path-text')).toContain('paths of yield');
    fixture.componentRef.setInput('paths', undefined);
    await fixture.whenStable();
    expect(text(fixture, 'path-note')).toContain('No paths were drawn at epoch 2');
    fixture.componentRef.setInput('paths', structuredClone(paths));
    await fixture.whenStable();
    expect(text(fixture, 'path-text')).toContain('paths of yield');
  });
});

describe('TimeMachine', () => {
  it('has paths where the model draws them, and no word of them elsewhere', async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
    const fixture = TestBed.createComponent(TimeMachine);
    fixture.componentRef.setInput('quality', [aMeasurement(1)]);
    await fixture.whenStable();
    expect(all(fixture, '[data-testid=path-charts]')).toEqual([]);
    fixture.componentRef.setInput('quality', [aMeasurement(1), aMeasurement(2, [0.6, 0.3, 0.1], { paths })]);
    await fixture.whenStable();
    expect(text(fixture, 'path-text')).toContain('At epoch 2');
  });
});
