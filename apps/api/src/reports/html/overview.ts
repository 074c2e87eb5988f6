import type { QualityScore, QualitySection, ReportContent } from '@gan-dashboard/shared-types';
import { sectionTitles } from '@gan-dashboard/shared-types';
import { scoreScale } from './charts';
import { html } from './markup';
import type { Markup } from './markup';
import { scoreText } from './numbers';

/** Every score between its floor and its ceiling, by section. */
export function overview({ quality, score_texts: texts }: ReportContent): Markup {
  const groups = new Map<QualitySection, QualityScore[]>();
  for (const score of quality.scores) groups.set(score.section, [...(groups.get(score.section) ?? []), score]);
  const rows = [...groups].flatMap(([section, scores]) => [
    html`<tr>
      <th colspan="6" scope="rowgroup">${sectionTitles[section]}</th>
    </tr>`,
    ...scores.map((score) => scoreRow(score, texts[score.name])),
  ]);
  return html`<section>
    <h2>Overview</h2>
    <p>
      The <b>floor</b> is what the real columns score when each is shuffled by itself; the <b>ceiling</b> is what one
      half of the real rows scores against the other. A score above its ceiling is no praise: only copies are more like
      real rows than real rows are.
    </p>
    <div class="scroll">
      <table class="scores">
        <thead>
          <tr>
            <th>score</th>
            <th class="number">value</th>
            <th>worst to best</th>
            <th class="number">floor</th>
            <th class="number">ceiling</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function scoreRow(score: QualityScore, text: { title: string; meaning: string } | undefined): Markup {
  return html`<tr>
    <td><b>${text?.title ?? score.name}</b><small>${text?.meaning}</small></td>
    <td class="number"><b>${scoreText(score.value)}</b></td>
    <td>${scoreScale(score)}</td>
    <td class="number reference" data-label="floor">${scoreText(score.floor)}</td>
    <td class="number reference" data-label="ceiling">${scoreText(score.ceiling)}</td>
    <td>${flagOf(score)}</td>
  </tr>`;
}

/** A floor that the ceiling does not reach says nothing: shuffled columns keep their shapes exactly. */
function flagOf({ value, floor, ceiling, better, is_above_ceiling: isAbove }: QualityScore): Markup | undefined {
  if (isAbove) return html`<span class="flag copying">above the ceiling: copies?</span>`;
  if (typeof value !== 'number' || typeof floor !== 'number') return undefined;
  const isWorse = (one: number, other: number) => (better === 'higher' ? one < other : one > other);
  if (typeof ceiling === 'number' && !isWorse(floor, ceiling)) return undefined;
  const isBelow = isWorse(value, floor);
  return isBelow ? html`<span class="flag below">below the floor</span>` : undefined;
}
