import type { Routes } from '@angular/router';
import { WorkspacePage } from './workspace/workspace-page';

export const routes: Routes = [
  { path: '', pathMatch: 'full', component: WorkspacePage },
  { path: '**', redirectTo: '' },
];
