import { Injectable } from '@nestjs/common';
import type { Page, ProjectPageQuery, Sample } from '@gan-dashboard/shared-types';
import { decodeCursor, encodeCursor } from '../datasets/dataset-cursor';
import { SampleGate } from './sample-gate';
import { toSample } from './sample.mapper';
import { SamplesRepository } from './samples.repository';

/** The samples of all runs. */
@Injectable()
export class SampleHistory {
  constructor(
    private readonly samples: SamplesRepository,
    private readonly gate: SampleGate,
  ) {}

  /** Newest first and without their rows. @throws ProblemException 400 for a cursor that no page gave. */
  async page({ limit, cursor, project }: ProjectPageQuery): Promise<Page<Sample>> {
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
    const found = await this.samples.page({ ...after, limit: limit + 1, project });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map((sample) => ({ ...toSample(sample, this.gate.stateOf(sample)), preview: [] })),
      next_cursor: found.length > limit && last ? encodeCursor(last) : null,
    };
  }
}
