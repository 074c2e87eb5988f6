import { privacyDistances } from '@gan-dashboard/shared-types';
import type { ReportContent } from '@gan-dashboard/shared-types';
import { html } from './markup';
import type { Markup } from './markup';
import { percentText, scoreText } from './numbers';

/** What the figures of privacy mean, and the figures. */
export function privacySection({ privacy, quality }: ReportContent): Markup {
  if (!privacy) return html``;
  return html`<section>
    <h2>Privacy</h2>
    <div class="verdict ${privacy.verdict}">${privacy.sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>
    ${quality.privacy ? distances(quality.privacy) : undefined}
  </section>`;
}

function distances(privacy: NonNullable<ReportContent['quality']['privacy']>): Markup {
  const { overfitting } = privacy;
  return html`<h3>Distances to the closest row (DCR) and to the second closest (NNDR)</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>from, to</th>
            <th class="number">DCR, median</th>
            <th class="number">DCR, closest 5 %</th>
            <th class="number">NNDR, median</th>
            <th class="number">NNDR, closest 5 %</th>
          </tr>
        </thead>
        <tbody>
          ${privacyDistances(privacy).map(
            ({ label, values }) =>
              html`<tr>
                <td>${label}</td>
                ${values.map((value) => html`<td class="number">${scoreText(value)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      overfitting &&
      html`<p class="muted">
        DCR overfitting protection ${scoreText(overfitting.score)}: ${percentText(overfitting.closer_to_training)} of
        the rows are closer to a training row, ${percentText(overfitting.closer_to_holdout)} to one that was held out,
        ${percentText(overfitting.equally_close)} as close to
        both${overfitting.expected_closer === undefined ? '' : `; chance gives ${percentText(overfitting.expected_closer)} to training rows`}.
      </p>`
    }`;
}
