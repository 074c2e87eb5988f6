import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { LiveCorrelations } from '@gan-dashboard/shared-types';
import { aMeasurement } from '../quality/testing';
import { CorrelationMaps } from './correlation-maps';
import { correlationText, pairsOf } from './correlations';
import { TimeMachine } from './time-machine';

const correlations = (synthetic: LiveCorrelations['synthetic']): LiveCorrelations => ({
  columns: ['price', 'size', 'flat'],
  real: [0.9, null, 0.2],
  synthetic,
});

function all(fixture: ComponentFixture<unknown>, selector: string): HTMLElement[] {
  return [...(fixture.nativeElement as HTMLElement).querySelectorAll<HTMLElement>(selector)];
}

function text(fixture: ComponentFixture<unknown>, testId: string): string {
  return all(fixture, `[data-testid=${testId}]`)[0]?.textContent?.trim() ?? '';
}

async function select(fixture: ComponentFixture<unknown>, testId: string, value: string): Promise<void> {
  const [list] = all(fixture, `[data-testid=${testId}]`) as HTMLSelectElement[];
  if (!list) throw new Error(`no list is ${testId}`);
  list.value = value;
  list.dispatchEvent(new Event('change'));
  await fixture.whenStable();
}

describe('correlations in words', () => {
  it('are those of the pairs that both sides have', () => {
    const said = correlationText(3, pairsOf(correlations([0.4, 0.1, 0.3])));
    expect(said).toContain('At epoch 3, correlations of 2 pairs are 0.3');
    expect(said).toContain('furthest are price and size: real 0.9');
    expect(correlationText(3, pairsOf(correlations([null, null, null])))).toContain('no pair');
  });
});

describe('CorrelationMaps', () => {
  let fixture: ComponentFixture<CorrelationMaps>;

  beforeEach(async () => {
    fixture = TestBed.createComponent(CorrelationMaps);
    fixture.componentRef.setInput('epoch', 3);
    fixture.componentRef.setInput('correlations', correlations([0.4, 0.1, 0.3]));
    await fixture.whenStable();
  });

  it('draws real, synthetic and difference with the names of the rows, and a legend', () => {
    expect(all(fixture, 'figcaption').map(({ textContent }) => textContent)).toEqual([
      'Real',
      'Synthetic',
      'Difference',
    ]);
    const [map] = all(fixture, 'svg');
    expect(map?.querySelectorAll('rect:not(.mark)').length).toBe(9);
    expect([...(map?.querySelectorAll('text') ?? [])].map((name) => name.textContent)).toEqual([
      'price',
      'size',
      'flat',
    ]);
    expect(map?.getAttribute('aria-label')).toBe('Real: correlations of 3 columns with each other');
    expect(text(fixture, 'correlation-legend')).toContain('not measured');
  });

  it('reads out the pair furthest apart, and the one that the lists choose, also after the next measurement', async () => {
    expect(text(fixture, 'correlation-pair')).toMatch(
      /^price and size: real 0\.9.*, synthetic 0\.4.*, difference −0\.5/,
    );
    await select(fixture, 'correlation-first', '2');
    expect(text(fixture, 'correlation-pair')).toMatch(/^size and flat: real 0\.2.*, difference \+0\.1/);
    expect(all(fixture, '.mark').map((mark) => mark.getAttribute('y'))).toEqual([
      '140',
      '70',
      '140',
      '70',
      '140',
      '70',
    ]);
    fixture.componentRef.setInput('correlations', correlations([0.4, 0.1, 0.25]));
    await fixture.whenStable();
    expect(text(fixture, 'correlation-pair')).toMatch(/^size and flat: .* synthetic 0\.25/);
    await select(fixture, 'correlation-first', '1');
    expect(text(fixture, 'correlation-pair')).toBe('size with itself: always 1');
  });

  it('lists the largest differences as a table, without pairs that were not measured', () => {
    const rows = all(fixture, '[data-testid=correlation-table] tbody th').map(({ textContent }) => textContent);
    expect(rows).toEqual(['price × size', 'size × flat']);
  });

  it('shortens long names in the middle: they often begin alike', async () => {
    const measured = { ...correlations([0.4, 0.1, 0.3]), columns: ['bid_price_level_1', 'bid_price_level_2', 'size'] };
    fixture.componentRef.setInput('correlations', measured);
    await fixture.whenStable();
    const names = all(fixture, 'figure:first-child text').map(({ textContent }) => textContent);
    expect(names).toEqual(['bid_pr…vel_1', 'bid_pr…vel_2', 'size']);
  });

  it('says why there is nothing', async () => {
    fixture.componentRef.setInput('correlations', undefined);
    await fixture.whenStable();
    expect(text(fixture, 'correlation-note')).toContain('No correlations were measured at epoch 3');
    expect(all(fixture, 'svg')).toEqual([]);
  });
});

describe('TimeMachine', () => {
  it('shows the correlations of the measurement that the slider stands on', async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
    const fixture = TestBed.createComponent(TimeMachine);
    fixture.componentRef.setInput('quality', [
      aMeasurement(1),
      aMeasurement(2, [0.6, 0.3, 0.1], { correlations: correlations([0.4, 0.1, 0.3]) }),
    ]);
    await fixture.whenStable();
    expect(text(fixture, 'correlation-text')).toContain('At epoch 2');

    const [slider] = all(fixture, '[data-testid=time-machine-slider]') as HTMLInputElement[];
    if (!slider) throw new Error('there is no slider');
    slider.value = '0';
    slider.dispatchEvent(new Event('input'));
    await fixture.whenStable();
    expect(text(fixture, 'correlation-note')).toContain('at epoch 1');
  });
});
