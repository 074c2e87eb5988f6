import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { DatasetCleaner } from './dataset-cleaner';
import { DatasetEntity } from './dataset.entity';
import { DatasetFiles } from './dataset-files';
import { DatasetImporter } from './dataset-importer';
import { DatasetIntake } from './dataset-intake';
import { DatasetRegistry } from './dataset-registry';
import { DatasetsController } from './datasets.controller';
import { DatasetsRepository } from './datasets.repository';
import { DatasetsService } from './datasets.service';
import { CsvFolder } from './folder/csv-folder.service';
import { OrderBooks } from './order-book/order-books.service';
import { TableService } from './table/table.service';

@Module({
  imports: [TypeOrmModule.forFeature([DatasetEntity]), AuditModule],
  controllers: [DatasetsController],
  providers: [
    CsvFolder,
    DatasetCleaner,
    DatasetFiles,
    DatasetImporter,
    DatasetIntake,
    DatasetRegistry,
    DatasetsRepository,
    DatasetsService,
    OrderBooks,
    TableService,
  ],
  exports: [CsvFolder, DatasetIntake, DatasetsService, TableService],
})
export class DatasetsModule {}
