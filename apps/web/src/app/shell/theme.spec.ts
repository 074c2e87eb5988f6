import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { Theme } from './theme';

describe('Theme', () => {
  const root = document.documentElement;
  beforeEach(() => {
    localStorage.removeItem('gd.theme');
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
  });
  afterEach(() => {
    history.replaceState(null, '', location.pathname);
    root.style.colorScheme = '';
  });

  it('follows the system until somebody chooses, and remembers the choice', () => {
    const theme = TestBed.inject(Theme);
    expect(theme.choice()).toBe('system');
    expect(root.style.colorScheme).toBe('');
    theme.choose('dark');
    expect(root.style.colorScheme).toBe('dark');
    expect(localStorage.getItem('gd.theme')).toBe('dark');
  });

  it('shows the theme of a link without keeping it', () => {
    localStorage.setItem('gd.theme', 'light');
    history.replaceState(null, '', '?theme=dark');
    expect(TestBed.inject(Theme).choice()).toBe('dark');
    expect(localStorage.getItem('gd.theme')).toBe('light');
  });

  it('leaves the address once somebody chooses otherwise', () => {
    history.replaceState(null, '', '?theme=dark');
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    TestBed.inject(Theme).choose('light');
    expect(navigate).toHaveBeenCalledWith([], expect.objectContaining({ queryParams: { theme: null } }));
  });
});
