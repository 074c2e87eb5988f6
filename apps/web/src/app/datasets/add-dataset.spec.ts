import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { ComponentFixture } from '@angular/core/testing';
import type { OrderBook } from '@gan-dashboard/shared-types';
import { LiveEvents } from '../live/live-events';
import { FakeLiveEvents, aDataset, datasetId } from '../testing/builders';
import { Selection } from '../workspace/selection';
import { AddDataset } from './add-dataset';
import { DatasetsStore } from './datasets-store';

const faults = { faulty: 0, crossed: 0, misordered: 0, non_positive_size: 0, off_tick: 0, missing: 0 };
const level = { bid_price: 'bid_price_1', bid_size: 'bid_size_1', ask_price: 'ask_price_1', ask_size: 'ask_size_1' };
const found: OrderBook = { is_used: true, source: 'header', levels: [level], tick_size: 100, price_unit: 1, faults };

describe('AddDataset, with files of LOBSTER', () => {
  let fixture: ComponentFixture<AddDataset>;
  let http: HttpTestingController;
  const openDataset = vi.fn();
  const find = (testId: string) =>
    (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  const settle = async () => {
    // One turn of the event loop: the promises behind an answer have then run.
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  const click = async (testId: string) => {
    find(testId)?.click();
    await settle();
  };
  const choose = async (testId: string, text: string) => {
    const input = find(testId) as HTMLInputElement;
    Object.defineProperty(input, 'files', { configurable: true, value: [new File([text], `${testId}.csv`)] });
    input.dispatchEvent(new Event('change'));
    await settle();
  };
  const posted = () => http.match({ method: 'POST', url: 'api/v1/datasets' });
  const sentFile = async (): Promise<string> => {
    const [request] = await vi.waitFor(() => {
      const requests = posted();
      expect(requests).toHaveLength(1);
      return requests;
    });
    const body = request?.request.body as FormData;
    request?.flush(aDataset({ status: 'importing' }));
    await settle();
    return (body.get('file') as File).text();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: Selection, useValue: { openDataset } },
        { provide: LiveEvents, useValue: new FakeLiveEvents() },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(AddDataset);
    await settle();
    await click('lobster-open');
  });
  afterEach(() => {
    http.verify();
    TestBed.resetTestingModule();
  });

  it('uploads them as one table and says what its prices are worth once it is read', async () => {
    await choose('lobster-book', '5859400,18,5859300,200\n');
    await choose('lobster-messages', '34200.1,5,0,1,2238200,-1\n');
    await click('lobster-submit');
    expect(await sentFile()).toBe(
      'time,event_type,order_id,trade_size,trade_price,direction,ask_price_1,ask_size_1,bid_price_1,bid_size_1\n' +
        '34200.1,5,0,1,2238200,-1,5859400,18,5859300,200\n',
    );
    expect(find('lobster-form')).toBeNull();
    expect(openDataset).toHaveBeenCalledWith(datasetId);
    http.expectNone({ method: 'PATCH' });

    const read = aDataset({ structure: { kind: 'order_book', order_book: found } });
    TestBed.inject(DatasetsStore).replace(read);
    await settle();
    const patch = http.expectOne({ method: 'PATCH', url: `api/v1/datasets/${datasetId}` });
    expect(patch.request.body).toEqual({ order_book: { price_unit: 0.0001 } });
    patch.flush({ ...read, structure: { kind: 'order_book', order_book: { ...found, price_unit: 0.0001 } } });
    await settle();
    expect(TestBed.inject(DatasetsStore).byId(datasetId)?.structure?.order_book?.price_unit).toBe(0.0001);
  });

  it('says beside the field what is missing or wrong, and sends nothing', async () => {
    await click('lobster-submit');
    expect(find('lobster-book-error')?.textContent.trim()).toBe('Choose the file of the order book.');
    await choose('lobster-book', 'a,b,c,d\n');
    expect(find('lobster-book-error')?.textContent.trim()).toBe('');
    await click('lobster-submit');
    await vi.waitFor(() => expect(find('lobster-book-error')?.textContent).toContain('begins with "a", no number'));
    expect(find('lobster-book')?.getAttribute('aria-invalid')).toBe('true');
    expect(posted()).toHaveLength(0);
  });
});
