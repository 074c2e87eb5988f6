import type { Routes } from '@angular/router';
import { WorkspacePage } from './workspace/workspace-page';

export const routes: Routes = [
  { path: '', pathMatch: 'full', title: 'GAN Dashboard', component: WorkspacePage },
  {
    path: 'sse-test',
    title: 'Stream inspector · GAN Dashboard',
    loadComponent: () =>
      import('./stream-inspector/stream-inspector-page').then(({ StreamInspectorPage }) => StreamInspectorPage),
  },
  { path: '**', redirectTo: '' },
];
