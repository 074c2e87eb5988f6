import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import { aRun } from '../../testing/builders';
import { HealthDetails } from './health-details';
import { QualityPanel } from './quality-panel';
import { aMeasurement, anAlert } from './testing';

function element(fixture: ComponentFixture<unknown>, selector: string): HTMLElement {
  const found = (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

describe('QualityPanel', () => {
  let fixture: ComponentFixture<QualityPanel>;

  beforeEach(async () => {
    fixture = TestBed.createComponent(QualityPanel);
    fixture.componentRef.setInput('run', aRun({ config: { quality_every: 1 } }));
    fixture.componentRef.setInput('quality', [aMeasurement(1), aMeasurement(2, [1, 0, 0])]);
    await fixture.whenStable();
  });

  it('says in words what the strips show', () => {
    expect(element(fixture, '[data-testid=coverage-text]').textContent).toContain('side “ask” (gone since epoch 2)');
    expect(element(fixture, '[data-column=side] .strip').getAttribute('aria-label')).toBe('33 %, missing: ask, rare');
  });

  it('opens the values of a column and closes them again', async () => {
    const column = element(fixture, '[data-column=side]');
    column.click();
    await fixture.whenStable();
    expect(column.getAttribute('aria-expanded')).toBe('true');
    expect(element(fixture, '[data-testid=value-map]').textContent).toContain('gone since epoch 2');
    column.click();
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).querySelector('[data-testid=value-map]')).toBeNull();
  });

  it('is a table, too', async () => {
    element(fixture, '[data-testid=quality-table-toggle]').click();
    await fixture.whenStable();
    const cells = [...element(fixture, '[data-testid=coverage-table]').querySelectorAll('td')];
    expect(cells.map(({ textContent }) => textContent)).toEqual(['100 %', '33 %', '100 %', '100 %']);
  });

  it('says why there is nothing', async () => {
    fixture.componentRef.setInput('quality', []);
    await fixture.whenStable();
    expect(element(fixture, '[data-testid=quality-note]').textContent).toContain('Measured first');
  });
});

describe('HealthDetails', () => {
  it('gives the verdict, its reason, its rule, its numbers and what to try', async () => {
    const fixture = TestBed.createComponent(HealthDetails);
    fixture.componentRef.setInput('health', anAlert());
    await fixture.whenStable();
    expect(element(fixture, 'summary').textContent).toContain('mode collapse');
    expect(element(fixture, 'summary').textContent).toContain('only 40 % of the values');
    expect(element(fixture, '[data-testid=health-advice]').textContent).toContain('Raise pac (now 1).');
    expect(element(fixture, 'dl').textContent).toContain('0.4000');
    expect(element(fixture, '.body').textContent).toContain('coverage below 60 %');
  });
});
