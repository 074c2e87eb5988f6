import type { Routes } from '@angular/router';

export const routes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'workspace' },
  {
    path: 'workspace',
    title: 'Workbench · GAN Dashboard',
    loadComponent: () => import('./workspace/workspace-page').then(({ WorkspacePage }) => WorkspacePage),
  },
  {
    path: 'sse-test',
    title: 'Stream inspector · GAN Dashboard',
    loadComponent: () =>
      import('./stream-inspector/stream-inspector-page').then(({ StreamInspectorPage }) => StreamInspectorPage),
  },
  {
    path: 'reports',
    title: 'Quality reports · GAN Dashboard',
    loadComponent: () => import('./reports/reports-page').then(({ ReportsPage }) => ReportsPage),
  },
  {
    path: 'reports/:id',
    title: 'Quality report · GAN Dashboard',
    loadComponent: () => import('./reports/report-page').then(({ ReportPage }) => ReportPage),
  },
  {
    path: 'account',
    title: 'Account · GAN Dashboard',
    loadComponent: () => import('./identity/account-page').then(({ AccountPage }) => AccountPage),
  },
  {
    path: 'users',
    title: 'Users · GAN Dashboard',
    loadComponent: () => import('./identity/users-page').then(({ UsersPage }) => UsersPage),
  },
  { path: '**', redirectTo: '' },
];
