import { onScrollUp } from './scroll-up';

describe('onScrollUp', () => {
  let element: HTMLElement;
  let count: number;
  let end: () => void;

  beforeEach(() => {
    element = document.createElement('div');
    count = 0;
    end = onScrollUp(element, () => (count += 1));
  });

  const wheel = (deltaY: number) => element.dispatchEvent(new WheelEvent('wheel', { deltaY }));
  const touch = (type: 'touchstart' | 'touchmove', clientY: number) =>
    element.dispatchEvent(Object.assign(new Event(type), { touches: [{ clientY }] }));

  it('hears a wheel that turns up, not one that turns down', () => {
    wheel(100);
    expect(count).toBe(0);
    wheel(-3);
    expect(count).toBe(1);
  });

  it('hears a finger that pulls the content down', () => {
    touch('touchstart', 200);
    touch('touchmove', 190);
    expect(count).toBe(0);
    touch('touchmove', 195);
    expect(count).toBe(1);
  });

  it('hears the keys that scroll up', () => {
    for (const key of ['ArrowDown', 'End', 'a', 'PageUp']) element.dispatchEvent(new KeyboardEvent('keydown', { key }));
    expect(count).toBe(1);
  });

  it('hears nothing once it was ended', () => {
    end();
    wheel(-3);
    expect(count).toBe(0);
  });
});
