import { Toasts } from './toast';

describe('Toasts', () => {
  let toasts: Toasts;
  beforeEach(() => {
    vi.useFakeTimers();
    toasts = new Toasts();
  });
  afterEach(() => vi.useRealTimers());

  const texts = () => toasts.items().map(({ text }) => text);

  it('go by themselves, those with a way back later', () => {
    toasts.show('saved');
    toasts.show('deleted', { action: { label: 'Undo', run: () => undefined } });
    vi.advanceTimersByTime(6_000);
    expect(texts()).toEqual(['deleted']);
    vi.advanceTimersByTime(6_000);
    expect(texts()).toEqual([]);
  });

  it('stay while somebody is at them', () => {
    toasts.show('saved');
    toasts.hold();
    toasts.show('another');
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(['saved', 'another']);
    toasts.release();
    vi.advanceTimersByTime(6_000);
    expect(texts()).toEqual([]);
  });

  it('undo once, and say when that fails', async () => {
    const run = vi.fn<() => Promise<void>>().mockRejectedValue(new Error('it is gone for good'));
    toasts.show('deleted', { action: { label: 'Undo', run } });
    const [toast] = toasts.items();
    if (!toast) throw new Error('no toast');
    await toasts.act(toast);
    expect(run).toHaveBeenCalledTimes(1);
    expect(toasts.items()).toMatchObject([{ text: '“Undo” did not work: it is gone for good', tone: 'bad' }]);
  });

  it('never cover the page: the oldest make room', () => {
    for (let count = 1; count <= 6; count += 1) toasts.show(`toast ${count}`);
    expect(texts()).toEqual(['toast 3', 'toast 4', 'toast 5', 'toast 6']);
  });
});
