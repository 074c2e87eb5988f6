import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import type { Sample } from '@gan-dashboard/shared-types';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aDataset, aRun, at, datasetId, runId } from '../testing/builders';
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
    expect(link.getAttribute('href')).toBe(`api/v1/samples/${sample.id}/file?escape_formulas=true`);
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

  describe('the form for conditions, balance and constraints', () => {
    const column = (name: string, type: 'text' | 'number', role: 'categorical' | 'numeric') => ({
      name,
      type,
      role,
      missing: 0,
      distinct: 3,
    });
    const columns = [
      column('side', 'text', 'categorical'),
      column('bid', 'number', 'numeric'),
      column('ask', 'number', 'numeric'),
    ];

    async function open() {
      fixture.componentRef.setInput('run', aRun({ dataset_id: datasetId }));
      fixture.componentRef.setInput('checkpoints', [checkpoint]);
      await fixture.whenStable();
      http.expectOne((request) => request.url.endsWith('/samples')).flush({ items: [], next_cursor: null });
      const details = element<HTMLDetailsElement>('wishes');
      details.open = true;
      details.dispatchEvent(new Event('toggle'));
      await fixture.whenStable();
      http.expectOne(`api/v1/datasets/${datasetId}`).flush(aDataset({ columns }));
      await vi.waitFor(() => expect(element<HTMLButtonElement>('add-condition').disabled).toBe(false));
    }
    const press = async (testId: string) => {
      element<HTMLButtonElement>(testId).click();
      await fixture.whenStable();
    };
    const change = async (within: string, label: string, value: string) => {
      const field = element(within).querySelector<HTMLInputElement>(`[aria-label="${label}"]`) as HTMLInputElement;
      field.value = value;
      field.dispatchEvent(new Event(field.tagName === 'INPUT' ? 'input' : 'change'));
      await fixture.whenStable();
    };

    it('asks the server for what was filled in, and shows its errors beside their fields', async () => {
      await open();
      await press('add-condition');
      expect(reason()).toBe('A condition or a constraint is not complete yet.');
      await change('condition', 'Column', 'bid');
      await change('condition', 'Test', 'at_least');
      await change('condition', 'Value', '2.5');
      await press('add-constraint');
      await change('constraint', 'Lower column', 'bid');
      await change('constraint', 'Higher column', 'ask');
      expect(reason()).toBe('From the checkpoint of epoch 8.');
      element<HTMLFormElement>('sample-form').dispatchEvent(new Event('submit'));
      const request = http.expectOne((each) => each.method === 'POST');
      expect(request.request.body).toMatchObject({
        rows: 1_000,
        conditions: [{ column: 'bid', at_least: 2.5 }],
        constraints: [{ kind: 'inequality', low: 'bid', high: 'ask' }],
      });
      const errors = [{ path: 'constraints.0.high', message: 'Column "ask" cannot be compared.' }];
      const problem = { type: 'about:blank', title: 'Unprocessable', status: 422, detail: 'No.', errors };
      request.flush(problem, { status: 422, statusText: 'Unprocessable' });
      await vi.waitFor(() => expect(element('constraint').textContent).toContain('Column "ask" cannot be compared.'));
      const high = element('constraint').querySelector('[aria-label="Higher column"]');
      expect(high?.getAttribute('aria-invalid')).toBe('true');
      expect(high?.getAttribute('aria-describedby')).toBe('constraint-error-0');
      await change('constraint', 'Higher column', 'bid');
      expect(element('constraint').querySelector('.gd-error')).toBeNull();
    });

    it('takes rows away again, and draws from the checkpoint that was chosen', async () => {
      await open();
      await press('add-condition');
      element('condition').querySelector<HTMLButtonElement>('[aria-label="Remove condition 1"]')?.click();
      await fixture.whenStable();
      const select = element<HTMLSelectElement>('sample-checkpoint');
      select.value = checkpoint.id;
      select.dispatchEvent(new Event('change'));
      await fixture.whenStable();
      element<HTMLFormElement>('sample-form').dispatchEvent(new Event('submit'));
      const { body } = http.expectOne((each) => each.method === 'POST').request;
      expect(body).toMatchObject({ checkpoint_id: checkpoint.id });
      expect(body).not.toHaveProperty('conditions');
    });
  });

  it('asks for sequences where the model makes some, of the length of the model unless another is named', async () => {
    fixture.componentRef.setInput('run', aRun({ model: 'quantgan', config: { sequence_length: 127 } }));
    fixture.componentRef.setInput('checkpoints', [checkpoint]);
    await fixture.whenStable();
    http.expectOne((request) => request.url.endsWith('/samples')).flush({ items: [], next_cursor: null });
    expect(element('sample-rows')).toBeNull();
    expect(element('wishes')).toBeNull();
    const type = async (testId: string, value: string) => {
      element<HTMLInputElement>(testId).value = value;
      element(testId).dispatchEvent(new Event('input'));
      await fixture.whenStable();
    };
    expect(element<HTMLInputElement>('sample-length').placeholder).toBe('127');
    await type('sample-sequences', '0');
    expect(reason()).toBe('Sequences and their length: whole numbers from 1 to 1,000,000.');
    await type('sample-sequences', '3');
    await type('sample-length', '50');
    element<HTMLFormElement>('sample-form').dispatchEvent(new Event('submit'));
    const { body } = http.expectOne((each) => each.method === 'POST').request;
    expect(body).toMatchObject({ sequences: { count: 3, length: 50 } });
    http.expectNone((each) => each.method === 'POST');
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
