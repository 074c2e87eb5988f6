import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import type { Dataset } from '@gan-dashboard/shared-types';
import { aDataset, datasetId } from '../../testing/builders';
import { OrderBookView } from './order-book-view';
import { SampleOrderBook } from './sample-order-book';
import { aBook, aPicture, noFaults } from './testing/book-builders';

const sampleId = '33333333-3333-4333-8333-333333333333';
let http: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
  http = TestBed.inject(HttpTestingController);
});
afterEach(() => http.verify());

const element = <Kind extends HTMLElement>(fixture: ComponentFixture<unknown>, testId: string) =>
  (fixture.nativeElement as HTMLElement).querySelector<Kind>(`[data-testid="${testId}"]`);
/** The element once it is there: an answer goes through several promises before it is shown. */
const shown = <Kind extends HTMLElement>(fixture: ComponentFixture<unknown>, testId: string) =>
  vi.waitFor(async () => {
    await fixture.whenStable();
    const found = element<Kind>(fixture, testId);
    if (!found) throw new Error(`${testId} is not shown`);
    return found;
  });
const answer = (path: string) => http.expectOne(({ url }) => url.endsWith(path));

describe('OrderBookView', () => {
  async function show(dataset: Dataset) {
    const fixture = TestBed.createComponent(OrderBookView);
    fixture.componentRef.setInput('dataset', dataset);
    await fixture.whenStable();
    return fixture;
  }
  const bookSet = (partial = {}) =>
    aDataset({ row_count: 10, structure: { kind: 'order_book', order_book: aBook(partial) } });

  it('shows depth, mid and spread, each with a table, and what is wrong with rows', async () => {
    const fixture = await show(bookSet({ faults: { ...noFaults, faulty: 2, crossed: 2 } }));
    answer(`/datasets/${datasetId}/order-book`).flush(aPicture());
    for (const chart of ['order-book-depth', 'order-book-mid', 'order-book-spread']) {
      expect((await shown(fixture, chart)).getAttribute('aria-label')).toContain('points, last');
    }
    expect(element(fixture, 'order-book-faults')?.textContent).toContain('2 of 10 rows are no valid books: 2 crossed.');
    const tables = (fixture.nativeElement as HTMLElement).querySelectorAll<HTMLButtonElement>(
      '[title="Show as a table"]',
    );
    expect(tables).toHaveLength(3);
    tables[0]?.click();
    await fixture.whenStable();
    const rows = [...(fixture.nativeElement as HTMLElement).querySelectorAll('tbody tr')].map((row) => row.textContent);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain('ask 2');
  });

  it('switches the book off, and says why where the server refuses', async () => {
    const fixture = await show(bookSet());
    answer('/order-book').flush(aPicture());
    await shown(fixture, 'order-book-depth');
    const changed: Dataset[] = [];
    fixture.componentInstance.changed.subscribe((dataset) => changed.push(dataset));
    element(fixture, 'order-book-use')?.click();
    await fixture.whenStable();
    const asked = answer(`/datasets/${datasetId}`);
    expect(asked.request.body).toEqual({ order_book: { is_used: false } });
    asked.flush(bookSet({ is_used: false }));
    await vi.waitFor(() => expect(changed[0]?.structure?.order_book?.is_used).toBe(false));

    const tick = await shown<HTMLInputElement>(fixture, 'order-book-tick');
    tick.value = '7';
    tick.dispatchEvent(new Event('change'));
    await fixture.whenStable();
    const detail = 'order_book.tick_size: no row has all of its prices on 7';
    answer(`/datasets/${datasetId}`).flush(
      { type: 'about:blank', title: 'Unprocessable Content', status: 422, detail },
      { status: 422, statusText: 'Unprocessable Content' },
    );
    await vi.waitFor(async () => {
      await fixture.whenStable();
      expect((fixture.nativeElement as HTMLElement).textContent).toContain(detail);
    });
  });
});

describe('SampleOrderBook', () => {
  async function show() {
    const fixture = TestBed.createComponent(SampleOrderBook);
    fixture.componentRef.setInput('sampleId', sampleId);
    fixture.componentRef.setInput('datasetId', datasetId);
    await fixture.whenStable();
    return fixture;
  }

  it('draws real beside synthetic', async () => {
    const fixture = await show();
    answer(`/samples/${sampleId}/order-book`).flush(aPicture({ rows: 1_000 }));
    answer(`/datasets/${datasetId}/order-book`).flush(aPicture());
    const label = (await shown(fixture, 'sample-book-depth')).getAttribute('aria-label');
    expect(label).toContain('real 220');
    expect(label).toContain('synthetic 220');
    expect(element(fixture, 'sample-book-faults')?.textContent).toContain('All 1,000 rows are valid books.');
  });

  it('draws the synthetic alone where the data set is gone', async () => {
    const fixture = await show();
    answer(`/samples/${sampleId}/order-book`).flush(aPicture());
    answer(`/datasets/${datasetId}/order-book`).flush(
      { type: 'about:blank', title: 'Not Found', status: 404, detail: 'gone' },
      { status: 404, statusText: 'Not Found' },
    );
    expect((await shown(fixture, 'sample-book-depth')).getAttribute('aria-label')).not.toContain('real');
  });
});
