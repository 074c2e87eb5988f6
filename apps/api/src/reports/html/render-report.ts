import type { ReportContent } from '@gan-dashboard/shared-types';
import { associationMatrices } from '../measure/association-matrices';
import { heatMap } from './charts';
import { columnSections } from './column-sections';
import { lawSections } from './law-sections';
import { html } from './markup';
import type { Markup } from './markup';
import { countText, scoreText } from './numbers';
import { overview } from './overview';
import { privacySection } from './privacy-section';
import { reportStyle } from './report-style';

const worstPairs = 15;

/**
 * The report as one HTML file: styles and drawings inside, no script, nothing that is loaded from elsewhere. All that
 * comes from data, names of columns and files included, is escaped.
 */
export function renderReport(content: ReportContent): string {
  const { title, made_at: madeAt, lineage } = content;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        <style>
          ${reportStyle}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="muted">
            ${countText(lineage.synthetic.rows_used)} synthetic rows beside ${countText(lineage.real.rows_used)} real
            ones · ${madeAt.slice(0, 16).replace('T', ' ')} UTC · GAN Dashboard
          </p>
          <p class="legend">
            <span class="real-key" style="--key:var(--real)">real</span
            ><span style="--key:var(--synthetic)">synthetic</span>
          </p>
        </header>
        <main>
          ${overview(content)}${privacySection(content)}${utilitySection(content)}${columnSections(content.quality)}${trendSection(content)}${lawSections(content.quality)}${lineageSection(content)}
        </main>
      </body>
    </html> `.text;
}

const measureNames = {
  accuracy: 'Accuracy',
  macro_f1: 'Macro F1',
  minority_f1: 'F1 of the rarest class',
  auc: 'AUC',
  r2: 'R²',
} as const;

function utilitySection({ quality: { utility } }: ReportContent): Markup {
  if (!utility) return html``;
  const measures = (Object.keys(measureNames) as (keyof typeof measureNames)[]).filter(
    (name) => utility.trtr[name] !== undefined,
  );
  const row = (label: string, scores: typeof utility.tstr) =>
    html`<tr>
      <td>${label}</td>
      ${measures.map((name) => html`<td class="number">${scoreText(scores[name])}</td>`)}
    </tr>`;
  return html`<section>
    <h2>Utility: predicting ${utility.target}</h2>
    <p>
      Models that learn from synthetic rows are tested on real rows that nobody has seen, beside the same models trained
      on real rows. The gap is what the synthetic data costs.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>trained, tested</th>
            ${measures.map((name) => html`<th class="number">${measureNames[name]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${row('synthetic, real', utility.tstr)}${row('real, real (the reference)', utility.trtr)}${row('real, synthetic', utility.trts)}
        </tbody>
      </table>
    </div>
    <p class="muted">
      Means of ${utility.learners.map(({ learner }) => learner.replaceAll('_', ' ')).join(', ')};
      ${countText(utility.rows.real_test)} real test rows.
    </p>
  </section>`;
}

function trendSection({ quality }: ReportContent): Markup {
  const maps = associationMatrices(quality);
  if (!maps) return html``;
  const worst = (quality.pairs ?? [])
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0))
    .slice(0, worstPairs);
  return html`<section>
    <h2>Trends between columns</h2>
    <p class="muted">
      Pearson’s correlation of two quantities, else Cramér’s V. Blue is positive, orange negative, grey was not
      measured.${maps.leftOut > 0 ? ` The first ${maps.columns.length} columns; ${maps.leftOut} more are not drawn.` : ''}
    </p>
    <div class="maps">
      ${heatMap('Real', maps.real, 'association')}${heatMap('Synthetic', maps.synthetic, 'association')}${heatMap('Difference', maps.difference, 'difference')}
    </div>
    <ol class="numbered">
      ${maps.columns.map((name) => html`<li>${name}</li>`)}
    </ol>
    <h3>Pairs that are least alike</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>columns</th>
            <th class="number">score</th>
            <th class="number">real</th>
            <th class="number">synthetic</th>
          </tr>
        </thead>
        <tbody>
          ${worst.map(
            ({ columns, score, association }) =>
              html`<tr>
                <td>${columns[0]} × ${columns[1]}</td>
                <td class="number">${scoreText(score)}</td>
                <td class="number">${scoreText(association.real)}</td>
                <td class="number">${scoreText(association.synthetic)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function lineageSection({ lineage, notes, made_at: madeAt, seconds }: ReportContent): Markup {
  const { real, synthetic, run, checkpoint, seed, versions } = lineage;
  const facts: [string, string][] = [
    ['Real data', `${real.name}, ${countText(real.rows)} rows`],
    ['SHA-256 of it', real.sha256 ?? 'not known'],
    ['Synthetic data', `${synthetic.name}, ${countText(synthetic.rows)} rows`],
    ['SHA-256 of it', synthetic.sha256 ?? 'not known'],
    ...(run
      ? [['Run', `${run.name} (${run.model}, seed ${run.seed ?? 'none'}), ${run.id}`] satisfies [string, string]]
      : []),
    ...(checkpoint
      ? [
          ['Checkpoint', `epoch ${checkpoint.epoch}, step ${countText(checkpoint.step)}`] satisfies [string, string],
          ['SHA-256 of it', checkpoint.sha256] satisfies [string, string],
        ]
      : []),
    ['Seed', String(seed)],
    [
      'Versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['Made', `${madeAt} in ${seconds.toFixed(1)} s`],
  ];
  const config = run
    ? html`<details open>
        <summary>Settings of the run</summary>
        <p><code>${JSON.stringify(run.config)}</code></p>
      </details>`
    : undefined;
  return html`<section>
    <h2>Lineage</h2>
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${config}
    ${
      notes.length > 0
        ? html`<h3>Limits</h3>
            <ul>
              ${notes.map((note) => html`<li>${note}</li>`)}
            </ul>`
        : undefined
    }
  </section>`;
}
