import { diagnosticReport } from '../diagnostic-report';
import type { ReportContext, SectionResult } from './options';
import { scored } from './scores';

/** Whether the rows keep the rules of the data: ranges, categories, keys, columns. */
export function diagnosticSection({ tables }: ReportContext): SectionResult {
  const { score, dataValidity, dataStructure } = diagnosticReport(tables.real, tables.synthetic);
  const name = (of: string) => ({ name: of, section: 'diagnostic', better: 'higher' }) as const;
  return {
    part: {},
    scores: [
      scored(name('diagnostic'), score),
      scored(name('data_validity'), dataValidity.score),
      scored(name('data_structure'), dataStructure.score),
    ],
    bounds: [],
  };
}
