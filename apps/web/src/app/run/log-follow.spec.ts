import { LogFollow } from './log-follow';

describe('LogFollow', () => {
  it('follows while the end grows away from it', () => {
    const follow = new LogFollow();
    follow.appended(10);
    follow.scrolled(100, 0);
    follow.appended(60);
    follow.scrolled(100, 1_000);
    expect(follow.isFollowing()).toBe(true);
    expect(follow.unseen()).toBe(0);
  });

  it('lets go when the reader scrolls up, and counts the lines that come since', () => {
    const follow = new LogFollow();
    follow.appended(100);
    follow.scrolled(1_000, 0);
    follow.scrolled(900, 100);
    expect(follow.isFollowing()).toBe(false);
    follow.appended(107);
    follow.appended(107);
    expect(follow.unseen()).toBe(7);
  });

  it('lets go at the first pixel upwards, so that lines that come fast do not pull a slow scroll back', () => {
    const follow = new LogFollow();
    follow.appended(100);
    follow.scrolled(1_000, 0);
    follow.scrolled(997, 3);
    expect(follow.isFollowing()).toBe(false);
    follow.appended(101);
    follow.scrolled(990, 30);
    expect(follow.isFollowing()).toBe(false);
    follow.scrolled(1_000, 20);
    expect(follow.isFollowing()).toBe(true);
  });

  it('is not taken back to the end by a jump of its own that comes late', () => {
    const follow = new LogFollow();
    follow.scrolled(1_000, 0);
    follow.moved(1_020);
    follow.letGo();
    follow.scrolled(1_020, 0);
    expect(follow.isFollowing()).toBe(false);
  });

  it('goes on following where only the view has grown', () => {
    const follow = new LogFollow();
    follow.scrolled(1_000, 0);
    follow.scrolled(900, 0);
    expect(follow.isFollowing()).toBe(true);
  });

  it('stays where the reader is while he scrolls down short of the end, and holds on at the end', () => {
    const follow = new LogFollow();
    follow.appended(100);
    follow.scrolled(1_000, 0);
    follow.scrolled(500, 500);
    follow.scrolled(700, 300);
    expect(follow.isFollowing()).toBe(false);
    follow.appended(101);
    follow.scrolled(990, 10);
    expect(follow.isFollowing()).toBe(true);
    expect(follow.unseen()).toBe(0);
  });

  it('holds on again by hand and for another log', () => {
    const follow = new LogFollow();
    follow.scrolled(50, 0);
    follow.scrolled(10, 40);
    follow.hold();
    expect(follow.isFollowing()).toBe(true);
    follow.scrolled(5, 45);
    follow.reset();
    follow.appended(3);
    expect(follow.isFollowing()).toBe(true);
    expect(follow.unseen()).toBe(0);
  });
});
