import { provideHttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Subject } from 'rxjs';
import { LiveEvents } from '../../live/live-events';
import { MetricCharts } from './metric-charts';

describe('MetricCharts', () => {
  it('hears nothing before it knows its run', () => {
    const messages = new Subject();
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(),
        { provide: LiveEvents, useValue: { messages, resync: new Subject() } },
      ],
    });
    const fixture = TestBed.createComponent(MetricCharts);
    expect(messages.observed).toBe(false);
    fixture.componentInstance.ngOnInit();
    expect(messages.observed).toBe(true);
    fixture.destroy();
    expect(messages.observed).toBe(false);
  });
});
