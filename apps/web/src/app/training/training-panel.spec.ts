import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { DatasetsStore } from '../datasets/datasets-store';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aDataset, aField, aRun, datasetId } from '../testing/builders';
import { Selection } from '../workspace/selection';
import { TrainingDraft } from './training-draft';
import { TrainingPanel } from './training-panel';

describe('TrainingPanel', () => {
  let fixture: ComponentFixture<TrainingPanel>;
  let http: HttpTestingController;

  beforeEach(async () => {
    localStorage.clear();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([]),
        Selection,
        { provide: LiveEvents, useValue: new FakeLiveEvents() },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(TrainingPanel);
    void TestBed.inject(DatasetsStore).load();
    void TestBed.inject(TrainingDraft).load();
    http.expectOne((request) => request.url === 'api/v1/datasets').flush({ items: [aDataset()], next_cursor: null });
    http.expectOne('api/v1/models').flush({
      items: [{ name: 'gan', title: 'GAN', description: 'Two networks.', fields: [aField()], json_schema: {} }],
    });
    await fixture.whenStable();
  });

  const element = <Kind extends HTMLElement>(testId: string) =>
    (fixture.nativeElement as HTMLElement).querySelector<Kind>(`[data-testid="${testId}"]`) as Kind;
  const text = (testId: string) => element(testId).textContent?.trim();

  async function choose(): Promise<void> {
    TestBed.inject(Selection).chooseDataset(datasetId);
    await vi.waitFor(() => expect(TestBed.inject(Selection).datasetId()).toBe(datasetId));
    await fixture.whenStable();
  }

  it('says why training can not be started, and lets it be once a data set is chosen', async () => {
    expect(element<HTMLButtonElement>('start-button').disabled).toBe(true);
    expect(text('start-reason')).toBe('Choose a data set first.');
    expect(text('stop-reason')).toBe('Stop: No run is open.');
    await choose();
    expect(element<HTMLButtonElement>('start-button').disabled).toBe(false);
    expect(text('start-reason')).toContain('500 rows of “order book”');
  });

  it('blocks on a wrong setting with its range, keeps it over a reload, and resets it', async () => {
    await choose();
    const input = (fixture.nativeElement as HTMLElement).querySelector('#config-epochs') as HTMLInputElement;
    input.value = '0';
    input.dispatchEvent(new Event('input'));
    await fixture.whenStable();
    expect(text('config-error-epochs')).toBe('Epochs: a whole number from 1 to 10,000.');
    expect(text('start-reason')).toBe('Correct first: Epochs.');
    expect(localStorage.getItem('gd.training-draft')).toContain('"epochs":"0"');
    element<HTMLButtonElement>('config-reset').click();
    await fixture.whenStable();
    expect(element<HTMLButtonElement>('start-button').disabled).toBe(false);
  });

  it('starts with the whole config and repeats a lost start under the same key', async () => {
    await choose();
    element('start-button').click();
    const first = await vi.waitFor(() => http.expectOne('api/v1/runs'));
    expect(first.request.body).toEqual({ dataset_id: datasetId, model: 'gan', config: { epochs: 100 }, seed: 42 });
    first.error(new ProgressEvent('error'));
    await vi.waitFor(async () => {
      await fixture.whenStable();
      expect(element<HTMLButtonElement>('start-button').disabled).toBe(false);
    });
    element('start-button').click();
    const second = await vi.waitFor(() => http.expectOne('api/v1/runs'));
    expect(second.request.headers.get('Idempotency-Key')).toBe(first.request.headers.get('Idempotency-Key'));
    second.flush(aRun({ status: 'queued' }));
    await vi.waitFor(() => expect(TestBed.inject(Selection).runId()).toBe(aRun().id));
    await fixture.whenStable();
    expect(element<HTMLButtonElement>('stop-button').disabled).toBe(false);
  });
});
