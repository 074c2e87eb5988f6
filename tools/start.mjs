import { enter } from './entry.mjs';

enter(() => import('./workspace/start.mjs'));
