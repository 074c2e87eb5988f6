import { enter } from './entry.mjs';

enter(() => import('./testing/main.mjs'));
