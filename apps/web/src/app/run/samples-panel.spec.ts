import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import type { Sample } from '@gan-dashboard/shared-types';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aRun, at, runId } from '../testing/builders';
import { SamplesPanel } from './samples-panel';

const sample: Sample = {
  id: '33333333-3333-4333-8333-333333333333',
  created_at: at,
  run_id: runId,
  checkpoint_id: '44444444-4444-4444-8444-444444444444',
  rows: 1_250,
  seed: 42,
  format: 'csv',
  conditions: [],
  balance: null,
  constraints: [],
  status: 'ready',
  error: null,
  size_bytes: 6_700,
  hit_rate: null,
  completed_share: null,
  columns: ['price'],
  preview: [[1.5], [null]],
};
const checkpoint = { id: sample.checkpoint_id, epoch: 8, step: 80, size_bytes: 1_000 };

describe('SamplesPanel', () => {
  let fixture: ComponentFixture<SamplesPanel>;
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: LiveEvents, useValue: new FakeLiveEvents() },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(SamplesPanel);
  });

  const element = <Kind extends HTMLElement>(testId: string) =>
    (fixture.nativeElement as HTMLElement).querySelector<Kind>(`[data-testid="${testId}"]`) as Kind;
  const reason = () => element('sample-reason').textContent?.trim();

  async function show(checkpoints: (typeof checkpoint)[], samples: Sample[]) {
    fixture.componentRef.setInput('run', aRun());
    fixture.componentRef.setInput('checkpoints', checkpoints);
    await fixture.whenStable();
    http
      .expectOne((request) => request.url.endsWith(`/runs/${runId}/samples`))
      .flush({ items: samples, next_cursor: null });
    await fixture.whenStable();
  }

  it('offers a sample with its rows and a download whose name holds what stands on it', async () => {
    await show([checkpoint], [sample]);
    expect(reason()).toBe('From the checkpoint of epoch 8.');
    const link = await vi.waitFor(() => {
      fixture.detectChanges();
      expect(element('sample-download')).not.toBeNull();
      return element<HTMLAnchorElement>('sample-download');
    });
    expect(link.textContent?.trim()).toBe('6.7 kB');
    expect(link.getAttribute('aria-label')).toBe('6.7 kB, download 1,250 rows as csv');
    expect(link.getAttribute('href')).toBe(`api/v1/samples/${sample.id}/file`);
    expect(element('sample-table').textContent).toContain('missing');
    expect(element('sample-wishes')).toBeNull();
  });

  it('says what was asked of the rows and how often it was met', async () => {
    const conditions = [
      { column: 'side', one_of: ['buy', null] },
      { column: 'size', at_least: 100 },
    ];
    const balance = {
      column: 'venue',
      shares: [
        { value: 'A', share: 3 },
        { value: 'B', share: 1 },
      ],
    };
    const constraints: Sample['constraints'] = [
      { kind: 'inequality', low: 'bid', high: 'ask', strict: true },
      { kind: 'fixed_combinations', columns: ['city', 'country'] },
      { kind: 'unique', columns: ['code'] },
    ];
    const asked = { conditions, balance, constraints };
    await show([checkpoint], [{ ...sample, ...asked, hit_rate: 0.1234, completed_share: 0.5 }]);
    await vi.waitFor(() => {
      fixture.detectChanges();
      expect(element('sample-wishes').textContent).toBe(
        'Rows with side "buy" or missing; size at least 100; venue balanced, "A" 3 : "B" 1; bid < ask; city, country as in the table; code different in each row. 12.3 % of the rows drawn were kept. In 50 % of them a combination was completed.',
      );
    });
  });

  it('says why there is nothing to sample from', async () => {
    await show([], []);
    expect(reason()).toBe('Samples can be made as soon as the run has saved its first checkpoint.');
    expect(element<HTMLButtonElement>('sample-button').disabled).toBe(true);
    fixture.componentRef.setInput('run', aRun({ status: 'failed' }));
    await fixture.whenStable();
    expect(reason()).toBe('This run ended without a checkpoint, so there is nothing to sample from.');
  });

  it('names the range of a wrong number of rows', async () => {
    await show([checkpoint], []);
    const rows = element<HTMLInputElement>('sample-rows');
    rows.value = '0';
    rows.dispatchEvent(new Event('input'));
    await fixture.whenStable();
    expect(reason()).toBe('Rows: a whole number from 1 to 10,000,000.');
    expect(element<HTMLButtonElement>('sample-button').disabled).toBe(true);
  });
});
