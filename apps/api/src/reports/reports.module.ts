import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { DatasetsModule } from '../datasets/datasets.module';
import { CheckpointsModule } from '../synthesis/checkpoints.module';
import { TrainingModule } from '../training/training.module';
import { ReportEntity } from './report.entity';
import { ReportMaker } from './report-maker';
import { ReportSources } from './report-sources';
import { ReportsController } from './reports.controller';
import { ReportsRepository } from './reports.repository';
import { ReportsService } from './reports.service';

@Module({
  imports: [TypeOrmModule.forFeature([ReportEntity]), AuditModule, DatasetsModule, TrainingModule, CheckpointsModule],
  controllers: [ReportsController],
  providers: [ReportMaker, ReportSources, ReportsRepository, ReportsService],
})
export class ReportsModule {}
