/** Spellings of the metrics that the dashboard draws, each as `snakeCase` makes it. */
const spellings: Record<string, readonly string[]> = {
  generator_loss: ['g_loss', 'gen_loss', 'loss_g', 'loss_gen', 'loss_generator', 'err_g', 'loss_g_total', 'gloss'],
  discriminator_loss: [
    'd_loss',
    'disc_loss',
    'dis_loss',
    'loss_d',
    'loss_disc',
    'loss_discriminator',
    'critic_loss',
    'loss_critic',
    'err_d',
    'dloss',
  ],
  real_scores: ['real_score', 'score_real', 'd_x'],
  fake_scores: ['fake_score', 'score_fake', 'd_g_z'],
};

const canonical = new Map(Object.entries(spellings).flatMap(([name, words]) => words.map((word) => [word, name])));

/** "Val Loss", "valLoss", "val/loss" and "val-loss" are all `val_loss`; "D(G(z))" is `d_g_z`. */
function snakeCase(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '_')
    .replaceAll(/^[_.]+|[_.]+$/g, '');
}

/** The name under which a metric is kept; undefined where the text is no name. */
export function metricName(text: string): string | undefined {
  const name = snakeCase(text);
  if (!/^[a-z]/.test(name) || name.length > 100) return undefined;
  return canonical.get(name) ?? name;
}

const known = new Set(Object.keys(spellings));

/** One of the metrics that the dashboard draws, in any spelling. */
export function isDrawnMetric(text: string): boolean {
  const name = metricName(text);
  return name !== undefined && known.has(name);
}

const measures =
  /(?:^|_)(?:loss|losses|scores?|acc|accuracy|auc|fid|kid|penalty|lr|learning_rate|perplexity|ppl|iou|f1|precision|recall|mae|mse|rmse|r2|psnr|ssim|reward|kl|elbo|bleu|wasserstein|mmd|jsd|grad_norm|gradient_norm)(?:_|\d|$)/;
const settings = /(?:^|_)(?:weight|lambda|coef|coefficient|factor|fn|function|type|threshold|tolerance)(?:_|$)/;

/** The name says by itself that it is a measure, wherever it stands. */
export function namesMeasure(name: string): boolean {
  return known.has(name) || (measures.test(name) && !settings.test(name));
}

const positions = new Set(
  'epoch epochs ep total_epochs step steps global_step total_steps iter iters iteration iterations batch batches eta seed pid port rank gpu device line version progress percent progress_percent'.split(
    ' ',
  ),
);

/** Words that say where the training stands, or on what: never a measure. */
export function namesPosition(name: string): boolean {
  return positions.has(name);
}
