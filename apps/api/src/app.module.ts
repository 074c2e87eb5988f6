import { Module } from '@nestjs/common';
import { CompatModule } from './compat/compat.module';
import { DatasetsModule } from './datasets/datasets.module';
import { EventStreamsModule } from './events/event-streams.module';
import { RunHistoryModule } from './history/run-history.module';
import { IdentityModule } from './identity/identity.module';
import { NotificationsModule } from './notifications/notifications.module';
import { ConfigModule } from './platform/configuration/config.module';
import { DatabaseModule } from './platform/database/database.module';
import { FilesModule } from './platform/files/files.module';
import { HealthModule } from './platform/health/health.module';
import { MetricsModule } from './platform/metrics/metrics.module';
import { QueueModule } from './platform/queue/queue.module';
import { TracingModule } from './platform/tracing/tracing.module';
import { ProjectsModule } from './projects/projects.module';
import { ReportsModule } from './reports/reports.module';
import { RetentionModule } from './retention/retention.module';
import { SynthesisModule } from './synthesis/synthesis.module';
import { RunMetrics } from './training/run-metrics';
import { TrainingModule } from './training/training.module';

@Module({
  imports: [
    ConfigModule,
    TracingModule,
    MetricsModule,
    HealthModule,
    DatabaseModule,
    FilesModule,
    QueueModule,
    IdentityModule,
    ProjectsModule,
    DatasetsModule,
    TrainingModule,
    RunHistoryModule,
    EventStreamsModule,
    SynthesisModule,
    ReportsModule,
    NotificationsModule,
    RetentionModule,
    CompatModule,
  ],
  providers: [RunMetrics],
})
export class AppModule {}
