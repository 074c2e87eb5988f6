import type { Routes } from '@angular/router';
import { sharedLink } from './shell/shared-link';

export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: $localize`Overview · GAN Dashboard`,
    canActivate: [sharedLink],
    loadComponent: () => import('./overview/overview-page').then(({ OverviewPage }) => OverviewPage),
  },
  {
    path: 'workspace',
    title: $localize`Workbench · GAN Dashboard`,
    loadComponent: () => import('./workspace/workspace-page').then(({ WorkspacePage }) => WorkspacePage),
  },
  {
    path: 'runs',
    title: $localize`Runs · GAN Dashboard`,
    loadComponent: () => import('./runs/runs-page').then(({ RunsPage }) => RunsPage),
  },
  {
    path: 'compare',
    title: $localize`Compare · GAN Dashboard`,
    loadComponent: () => import('./compare/compare-page').then(({ ComparePage }) => ComparePage),
  },
  {
    path: 'runs/:id',
    title: $localize`Run · GAN Dashboard`,
    loadComponent: () => import('./run/page/run-page').then(({ RunPage }) => RunPage),
  },
  {
    path: 'new',
    title: $localize`New run · GAN Dashboard`,
    loadComponent: () => import('./training/new-run/new-run-page').then(({ NewRunPage }) => NewRunPage),
  },
  {
    path: 'datasets',
    title: $localize`Data sets · GAN Dashboard`,
    loadComponent: () => import('./datasets/page/datasets-page').then(({ DatasetsPage }) => DatasetsPage),
  },
  {
    path: 'datasets/:id',
    title: $localize`Data set · GAN Dashboard`,
    loadComponent: () => import('./datasets/page/dataset-page').then(({ DatasetPage }) => DatasetPage),
  },
  {
    path: 'samples',
    title: $localize`Models and samples · GAN Dashboard`,
    loadComponent: () => import('./samples/samples-page').then(({ SamplesPage }) => SamplesPage),
  },
  {
    path: 'sse-test',
    title: $localize`Stream inspector · GAN Dashboard`,
    loadComponent: () =>
      import('./stream-inspector/stream-inspector-page').then(({ StreamInspectorPage }) => StreamInspectorPage),
  },
  {
    path: 'reports',
    title: $localize`Quality reports · GAN Dashboard`,
    loadComponent: () => import('./reports/reports-page').then(({ ReportsPage }) => ReportsPage),
  },
  {
    path: 'reports/:id',
    title: $localize`Quality report · GAN Dashboard`,
    loadComponent: () => import('./reports/report-page').then(({ ReportPage }) => ReportPage),
  },
  {
    path: 'settings',
    title: $localize`Settings · GAN Dashboard`,
    loadComponent: () => import('./settings/settings-page').then(({ SettingsPage }) => SettingsPage),
  },
  {
    path: 'notifications',
    title: $localize`Notifications · GAN Dashboard`,
    loadComponent: () =>
      import('./notifications/notifications-page').then(({ NotificationsPage }) => NotificationsPage),
  },
  {
    path: 'projects',
    title: $localize`Projects · GAN Dashboard`,
    loadComponent: () => import('./projects/projects-page').then(({ ProjectsPage }) => ProjectsPage),
  },
  {
    path: 'account',
    title: $localize`Account · GAN Dashboard`,
    loadComponent: () => import('./identity/account-page').then(({ AccountPage }) => AccountPage),
  },
  {
    path: 'users',
    title: $localize`Users · GAN Dashboard`,
    loadComponent: () => import('./identity/users-page').then(({ UsersPage }) => UsersPage),
  },
  { path: '**', redirectTo: '' },
];
