import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Outlines on a 24 x 24 grid, drawn with the colour of the text. */
const outlines = {
  play: 'M7 4.5v15l12-7.5z',
  stop: 'M6.5 6.5h11v11h-11z',
  pause: 'M8 5.5v13M16 5.5v13',
  save: 'M5 4.5h11l3 3v12H5zM8 4.5v5h7v-5M8 19.5v-6h8v6',
  fork: 'M7 4.5v15M7 13c6 0 10-2 10-6.500M17 8V4.500m0 0-3 3m3-3 3 3',
  pin: 'M9 4.5h6l-.7 5.500 3.200 3H6.500l3.200-3zM12 13v7',
  server: 'M4.500 5h15v6h-15zM4.500 13h15v6h-15zM8 8h.1M8 16h.1',
  upload: 'M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 19h14',
  download: 'M12 5v11m0 0 4.5-4.5M12 16l-4.5-4.5M5 19h14',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  trash: 'M5 7h14M10 7V4.5h4V7m-7 0 1 12.5h8L17 7M10.5 11v5m3-5v5',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  warning: 'M12 4 21 19.5H3zM12 10v4.5m0 2.3v.2',
  refresh: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  system: 'M4 5h16v11H4zM9 20h6m-3-4v4',
  chevron: 'M9 6l6 6-6 6',
  down: 'M12 5v13m0 0 5-5m-5 5-5-5',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14',
  pulse: 'M3 12h4l3-7.5 4.5 15 3-7.5H21',
  book: 'M5 4.5h9.5A2.5 2.5 0 0 1 17 7v12.5H7A2 2 0 0 1 5 17.5zM5 17.5A2 2 0 0 1 7 15.5h10',
  overview: 'M4 4.5h7v9H4zM13 4.5h7v5h-7zM13 11.500h7v8h-7zM4 15.500h7v4H4z',
  runs: 'M4 6h.1M4 12h.1M4 18h.1M8.500 6H20M8.500 12H20M8.500 18H20',
  compare: 'M4 18.500c4 0 4-10 8-10s4 6 8 6M4 6c5 0 5 9 9 9s4-9 7-9',
  data: 'M4.500 6.500c0-3 15-3 15 0s-15 3-15 0zM4.500 6.500v11c0 3 15 3 15 0v-11M4.500 12c0 3 15 3 15 0',
  sample: 'M12 3.500 20 8v8l-8 4.500L4 16V8zM4 8l8 4.500L20 8M12 12.500v8',
  report: 'M6 3.500h8l4 4v13H6zM14 3.500v4h4M9 12.500h6M9 16h6',
  workbench: 'M4 5h16v14H4zM9.500 5v14M14.500 5v14',
  settings:
    'M4 7h9m5 0h2M4 17h2m5 0h9M15.500 4.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM8.500 14.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  search: 'M11 4.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM16 16l4.500 4.500',
  more: 'M5.500 12h.1M12 12h.1M18.500 12h.1',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  user: 'M12 4.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20c.5-4 3.500-6 7.500-6s7 2 7.500 6',
} as const;
export type IconName = keyof typeof outlines;

@Component({
  selector: 'gd-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="outline()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    svg {
      width: 16px;
      height: 16px;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.8;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly outline = computed(() => outlines[this.name()]);
}
