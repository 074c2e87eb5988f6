import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { LiveEvents } from '../../live/live-events';
import { FakeLiveEvents, aDataset, aField, aRun, datasetId } from '../../testing/builders';
import { TrainingDraft } from '../training-draft';
import { NewRunDraft } from './new-run-draft';
import { StartBar } from './start-bar';

describe('StartBar', () => {
  it('starts one run a seed under one tag, and again under the same keys where an answer was lost', async () => {
    localStorage.clear();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([]),
        { provide: LiveEvents, useValue: new FakeLiveEvents() },
      ],
    });
    const http = TestBed.inject(HttpTestingController);
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    void TestBed.inject(TrainingDraft).load();
    http.expectOne('api/v1/models').flush({
      items: [{ name: 'gan', title: 'GAN', description: '', fields: [aField()], json_schema: {} }],
    });
    TestBed.inject(NewRunDraft).set({ repeats: '2' });
    const fixture = TestBed.createComponent(StartBar);
    fixture.componentRef.setInput('dataset', aDataset());
    await fixture.whenStable();
    const button = (fixture.nativeElement as HTMLElement).querySelector<HTMLButtonElement>('[data-testid="new-start"]');
    expect(button?.textContent).toContain('Start 2 runs');
    const next = () => vi.waitFor(() => http.expectOne('api/v1/runs'));

    button?.click();
    const first = await next();
    expect(first.request.body).toMatchObject({ dataset_id: datasetId, seed: 42, config: { epochs: 100 } });
    const { tags } = first.request.body as { tags: string[] };
    expect(tags[0]).toMatch(/^seeds:[0-9a-f]{8}$/);
    first.flush(aRun());
    (await next()).error(new ProgressEvent('error'));
    await vi.waitFor(async () => {
      await fixture.whenStable();
      expect(button?.disabled).toBe(false);
    });

    button?.click();
    const again = await next();
    expect(again.request.headers.get('Idempotency-Key')).toBe(first.request.headers.get('Idempotency-Key'));
    again.flush(aRun());
    const second = await next();
    expect(second.request.body).toMatchObject({ seed: 43, tags });
    second.flush(aRun({ seed: 43 }));
    await vi.waitFor(() => expect(navigate).toHaveBeenCalledWith(['/runs', aRun().id]));
  });
});
