import { HttpException, Injectable } from '@nestjs/common';
import type { ColumnProfile, SampleCreate } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { unprocessable } from '../platform/http/problem';
import type { RunEntity } from '../training/run.entity';
import type { ConditionMistake } from './sample-conditions';
import { conditionMistakes } from './sample-conditions';
import { constraintMistakes } from './sample-constraints';
import { startMistakes } from './sample-starts';

/** Refuses conditions, constraints and starts that no row of a run can meet, as far as its columns and the profile of its data set tell. */
@Injectable()
export class SampleConditionCheck {
  constructor(private readonly datasets: DatasetsService) {}

  /** @throws ProblemException 422 that names each column and value that cannot be, with the way out. */
  async check(run: Pick<RunEntity, 'columns' | 'datasetId'>, request: SampleCreate): Promise<void> {
    const { conditions, balance, constraints, sequences } = request;
    if (!conditions?.length && !balance && !constraints?.length && !sequences?.start) return;
    // A run without a data set was trained elsewhere: it has no checkpoint to draw from either, which is said then.
    if (run.datasetId === null) return;
    const columns = run.columns ?? (await this.datasets.columnsOf(run.datasetId));
    if (sequences?.start) refuse(startMistakes(request, columns));
    const profiles = await this.profilesOf(run.datasetId);
    const mistakes = [
      ...conditionMistakes(request, columns, profiles),
      ...constraintMistakes(request, columns, profiles),
    ];
    refuse(mistakes);
  }

  /** None where the data set was deleted since: its values are then checked by the trainer alone. */
  private async profilesOf(datasetId: string): Promise<ColumnProfile[]> {
    try {
      return (await this.datasets.profile(datasetId)).columns;
    } catch (error) {
      if (error instanceof HttpException && error.getStatus() === 404) return [];
      throw error;
    }
  }
}

/** @throws ProblemException 422 with all that is said; nothing where nothing is. */
function refuse(mistakes: ConditionMistake[]): void {
  if (mistakes.length > 0) throw unprocessable(mistakes.map(({ message }) => message).join(' '), mistakes);
}
