import type { DataSourceOptions } from 'typeorm';
import { Initial1764000000000 } from './migrations/1764000000000-initial';
import { RunsThatSurvive1764200000000 } from './migrations/1764200000000-runs-that-survive';
import { ExternalRuns1764310000000 } from './migrations/1764310000000-external-runs';
import { RunColumns1764320000000 } from './migrations/1764320000000-run-columns';
import { History1764330000000 } from './migrations/1764330000000-history';
import { DatasetFiles1764350000000 } from './migrations/1764350000000-dataset-files';
import { SampleConditions1764360000000 } from './migrations/1764360000000-sample-conditions';
import { SampleConstraints1764370000000 } from './migrations/1764370000000-sample-constraints';
import { Reports1764375000000 } from './migrations/1764375000000-reports';
import { Identity1764380000000 } from './migrations/1764380000000-identity';
import { LiveQuality1764390000000 } from './migrations/1764390000000-live-quality';
import { SampleSequences1764395000000 } from './migrations/1764395000000-sample-sequences';
import { RunViews1764400000000 } from './migrations/1764400000000-run-views';
import { Notifications1764420000000 } from './migrations/1764420000000-notifications';
import { Projects1764430000000 } from './migrations/1764430000000-projects';
import { ProjectNotifications1764440000000 } from './migrations/1764440000000-project-notifications';

/** TypeORM's options for a PostgreSQL URL; entities are added by the modules that own them. */
export function databaseOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'gan-dashboard',
    migrations: [
      Initial1764000000000,
      RunsThatSurvive1764200000000,
      ExternalRuns1764310000000,
      RunColumns1764320000000,
      History1764330000000,
      DatasetFiles1764350000000,
      SampleConditions1764360000000,
      SampleConstraints1764370000000,
      Reports1764375000000,
      Identity1764380000000,
      LiveQuality1764390000000,
      SampleSequences1764395000000,
      RunViews1764400000000,
      Notifications1764420000000,
      Projects1764430000000,
      ProjectNotifications1764440000000,
    ],
    migrationsRun: true,
    migrationsTransactionMode: 'each',
    synchronize: false,
    // gen_random_uuid() is built in; TypeORM would otherwise install uuid-ossp.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: { max: 20, connectionTimeoutMillis: 10_000 },
  };
}
