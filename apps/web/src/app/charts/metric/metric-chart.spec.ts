import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Theme } from '../../shell/theme';
import { plainView } from './chart-view';
import { MetricChart } from './metric-chart';
import type { MetricLine } from './metric-line';

const noLine: MetricLine = {
  ...{ label: 'Generator', color: 'red' },
  ...{ step: [], epoch: [], time: [], value: [], low: [], high: [] },
};

describe('a chart without a value', () => {
  it('says why instead of drawing axes', async () => {
    TestBed.configureTestingModule({ providers: [{ provide: Theme, useValue: { isDark: signal(false) } }] });
    const chart = TestBed.createComponent(MetricChart);
    const inputs = { chartId: 'losses', title: 'Losses', lines: [noLine], view: plainView, whyEmpty: 'It is queued.' };
    for (const [name, value] of Object.entries(inputs)) chart.componentRef.setInput(name, value);
    await chart.whenStable();
    const host = chart.nativeElement as HTMLElement;
    expect(host.querySelector('[data-testid="losses-empty"]')?.textContent).toBe('It is queued.');
    expect(host.querySelector('canvas')).toBeNull();
  });
});
