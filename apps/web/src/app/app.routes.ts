import type { Routes } from '@angular/router';
import { sharedLink } from './shell/shared-link';

export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'Overview · GAN Dashboard',
    canActivate: [sharedLink],
    loadComponent: () => import('./overview/overview-page').then(({ OverviewPage }) => OverviewPage),
  },
  {
    path: 'workspace',
    title: 'Workbench · GAN Dashboard',
    loadComponent: () => import('./workspace/workspace-page').then(({ WorkspacePage }) => WorkspacePage),
  },
  {
    path: 'runs',
    title: 'Runs · GAN Dashboard',
    loadComponent: () => import('./runs/runs-page').then(({ RunsPage }) => RunsPage),
  },
  {
    path: 'compare',
    title: 'Compare · GAN Dashboard',
    loadComponent: () => import('./compare/compare-page').then(({ ComparePage }) => ComparePage),
  },
  {
    path: 'runs/:id',
    title: 'Run · GAN Dashboard',
    loadComponent: () => import('./run/page/run-page').then(({ RunPage }) => RunPage),
  },
  {
    path: 'new',
    title: 'New run · GAN Dashboard',
    loadComponent: () => import('./training/new-run/new-run-page').then(({ NewRunPage }) => NewRunPage),
  },
  {
    path: 'datasets',
    title: 'Data sets · GAN Dashboard',
    loadComponent: () => import('./datasets/page/datasets-page').then(({ DatasetsPage }) => DatasetsPage),
  },
  {
    path: 'datasets/:id',
    title: 'Data set · GAN Dashboard',
    loadComponent: () => import('./datasets/page/dataset-page').then(({ DatasetPage }) => DatasetPage),
  },
  {
    path: 'samples',
    title: 'Models and samples · GAN Dashboard',
    loadComponent: () => import('./samples/samples-page').then(({ SamplesPage }) => SamplesPage),
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
    path: 'settings',
    title: 'Settings · GAN Dashboard',
    loadComponent: () => import('./settings/settings-page').then(({ SettingsPage }) => SettingsPage),
  },
  {
    path: 'notifications',
    title: 'Notifications · GAN Dashboard',
    loadComponent: () =>
      import('./notifications/notifications-page').then(({ NotificationsPage }) => NotificationsPage),
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
