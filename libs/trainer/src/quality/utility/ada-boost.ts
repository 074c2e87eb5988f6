import type { Classifier } from './classifier';
import { binFeatures, growTree } from './decision-tree';
import type { Features } from './features';

/**
 * AdaBoost of trees of depth 1 (Freund and Schapire 1997; SAMME for two classes): each round weighs up the rows that
 * the round before got wrong, and votes with log((1 - error) / error).
 */
export function trainAdaBoost(features: Features, labels: Uint8Array, rounds = 50): Classifier {
  const columns = binFeatures(features);
  const weights = new Float64Array(labels.length).fill(1 / labels.length);
  const votes: { stump: Classifier; vote: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const stump = growTree({ columns, labels, weights }, 1);
    const predicted = stump.predict(features);
    const error = weights.reduce((sum, weight, row) => sum + (predicted[row] === labels[row] ? 0 : weight), 0);
    // No better than chance: more rounds add nothing. The first one stands whatever it is worth.
    if (error >= 0.5 && round > 0) break;
    // A perfect stump decides alone.
    const vote = Math.log((1 - error + 1e-12) / (error + 1e-12));
    votes.push({ stump, vote });
    if (error === 0 || error >= 0.5) break;
    reweigh(weights, vote, (row) => predicted[row] !== labels[row]);
  }
  const sums = (given: Features): Float64Array =>
    sumOfVotes(votes.map(({ stump, vote }) => ({ labels: stump.predict(given), vote })));
  return { predict: (given) => Uint8Array.from(sums(given), (sum) => (sum > 0 ? 1 : 0)), rank: sums };
}

function reweigh(weights: Float64Array, vote: number, isWrong: (row: number) => boolean): void {
  let total = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = (weights[row] ?? 0) * (isWrong(row) ? Math.exp(vote) : 1);
    weights[row] = weight;
    total += weight;
  }
  for (let row = 0; row < weights.length; row++) weights[row] = (weights[row] ?? 0) / total;
}

function sumOfVotes(votes: readonly { labels: Uint8Array; vote: number }[]): Float64Array {
  const sums = new Float64Array(votes[0]?.labels.length ?? 0);
  for (const { labels, vote } of votes) {
    // A first stump at chance has no say of its own: it still decides when it is the only one.
    const weight = votes.length === 1 ? 1 : vote;
    labels.forEach((label, row) => (sums[row] = (sums[row] ?? 0) + (label === 1 ? weight : -weight)));
  }
  return sums;
}
