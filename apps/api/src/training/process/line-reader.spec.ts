import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingUpdateSchema } from '@gan-dashboard/shared-types';
import { LineReader } from './line-reader';
import type { LineReaderOptions, Reading } from './line-reader';

function readAll(lines: readonly string[], options: LineReaderOptions = {}): Reading[] {
  const reader = new LineReader(options);
  return lines.map((line, index) => reader.read(line, { isRewritten: false, ms: index * 10 }));
}
const updatesOf = (lines: readonly string[], options?: LineReaderOptions) =>
  readAll(lines, options).flatMap(({ update }) => (update ? [update] : []));
const percentsOf = (lines: readonly string[], options?: LineReaderOptions) =>
  readAll(lines, options).flatMap(({ progress }) => (progress ? [progress.progress_percent] : []));

const four = { generator_loss: 0.71, discriminator_loss: -0.52, real_scores: 0.9, fake_scores: 0.1 };

describe('an epoch in one line', () => {
  it.each([
    'Epoch 3/10 Generator Loss: 0.71 Discriminator Loss: -0.52 Real Scores: 0.9 Fake Scores: 0.1',
    'Epoch [3/10], Generator Loss: 0.7100, Discriminator Loss: -0.5200, Real Scores: 0.90, Fake Scores: 0.10',
    '2024-01-02 10:11:12,345 - INFO - Epoch 3 of 10 | G_loss=0.71 | D_loss=-5.2e-1 | real_score=0.9 | fake_score=.1',
    'Epoch: 3/10 … Generator Loss: 0.71 … Discriminator Loss: -0.52 … Real Scores: 0.9 … Fake Scores: 0.1',
    'INFO:root:epoch=3/10 loss_G: 0.71 loss_D: -0.52 D(x): 0.9 D(G(z)): 0.1',
    '[Epoch 3/10] [D loss: -0.52] [G loss: 0.71] [Real score: 0.9] [Fake score: 0.1]',
    'Epoch 3/10 - gen_loss: tensor(0.71, device=0) - critic_loss: -0.52 - real_scores: 9e-1 - fake_scores: 1E-1',
    '{"epoch": 3, "total_epochs": 10, "generator_loss": 0.71, "discriminator_loss": -0.52, "real_scores": 0.9, "fake_scores": 0.1}',
    '{"type": "training_update", "data": {"epoch": 3, "total_epochs": 10, "g_loss": 0.71, "d_loss": -0.52, "real_scores": 0.9, "fake_scores": 0.1}}',
  ])('is read from %s', (line) => {
    expect(updatesOf([line])).toEqual([{ ...four, epoch: 3, total_epochs: 10, step: 3 }]);
    expect(percentsOf([line])).toEqual([30]);
  });
});

describe('metrics', () => {
  it('over several lines belong to the last epoch that was said', () => {
    const lines = [
      'Epoch 3/10',
      'Generator Loss: 0.71',
      '  Discriminator Loss: -0.52',
      'saving images',
      'Epoch 4/10',
      'g_loss=1',
    ];
    expect(updatesOf(lines)).toEqual([
      { epoch: 3, total_epochs: 10, step: 3, generator_loss: 0.71 },
      { epoch: 3, total_epochs: 10, step: 3, discriminator_loss: -0.52 },
      { epoch: 4, total_epochs: 10, step: 4, generator_loss: 1 },
    ]);
    expect(percentsOf(lines)).toEqual([20, 30]);
  });

  it.each([
    ['loss: nan', 'NaN'],
    ['loss=NaN', 'NaN'],
    ['loss: inf', 'Infinity'],
    ['loss: -inf', '-Infinity'],
    ['loss: -Infinity', '-Infinity'],
    ['loss: 1e400', 'Infinity'],
    ['loss: 1.5e-07', 1.5e-7],
    ['loss: -3', -3],
    ['loss: +2.', 2],
    ['loss=0.25,', 0.25],
    ["{'loss': 0.25, 'note': 'x'}", 0.25],
    ['{"loss": NaN}', 'NaN'],
    ['{"loss": -Infinity, "x": "y"}', '-Infinity'],
    ['{"loss": "nan"}', 'NaN'],
    ['{"metrics": {"loss": 0.25}, "message": "fine"}', 0.25],
  ])('%s is %s', (line, value) => expect(updatesOf([line])).toEqual([{ step: 1, loss: value }]));

  it('keep their own names, and their unit', () => {
    expect(updatesOf(['Epoch 1/2 Val Loss: 1, train/acc: 0.5, gradNorm=3, accuracy: 45%, time: 12.5'])).toEqual([
      {
        epoch: 1,
        total_epochs: 2,
        step: 1,
        val_loss: 1,
        train_acc: 0.5,
        grad_norm: 3,
        accuracy_percent: 45,
        time: 12.5,
      },
    ]);
  });

  it.each([
    'loading data from http://127.0.0.1:8080/data.csv',
    'train.py:12: UserWarning: 3 rows were left out',
    '2024-01-02 10:11:12 started',
    'Using device: 0, seed: 42, workers=4',
    'batch_size: 64',
    'loss_weight: 10',
    'loss: 5ms',
    'ETA: 3',
    'D(G(z)): 0.6 / 0.5',
    'loss: 3/4',
    'time per epoch: 5',
    'total epochs: 10',
    'Best epoch 7',
    'epoch took 5.2s',
    'Epoch 3.5 loss',
    'in all of this it is said that the number: 5',
    'loss: ',
    'loss: none',
    '{"note": "nothing"}',
    '[1, 2, 3]',
    '{"loss": ',
    '{}',
    '{"__proto__": {"loss": 1}}',
    '5% of the rows are empty',
    'accuracy: 45.3.2',
    '',
  ])('are not made up from %j', (line) => expect(readAll([line])).toEqual([{}]));

  it('that no name tells as such count on a line that says where the training stands', () => {
    expect(updatesOf(['tau: 0.5'])).toEqual([]);
    expect(updatesOf(['step 7 tau: 0.5'])).toEqual([{ step: 7, tau: 0.5 }]);
    expect(updatesOf(['loss: 1, tau: 0.5'])).toEqual([{ step: 1, loss: 1, tau: 0.5 }]);
  });

  it('that a sentence speaks of are known by their name alone', () => {
    expect(updatesOf(['after some time we now see a generator loss: 0.5'])).toEqual([{ step: 1, generator_loss: 0.5 }]);
  });
});

describe('the step', () => {
  it('is the one that is said', () => {
    const said = [{ step: 120, loss: 1 }];
    expect(updatesOf(['step 120 loss 1 loss: 1'])).toEqual(said);
    expect(updatesOf(['iter: 120/900, loss: 1'])).toEqual(said);
    expect(updatesOf(['global_step=120 loss=1'])).toEqual(said);
    expect(updatesOf(['{"step": 120, "loss": 1}'])).toEqual(said);
  });

  it('goes on over epochs when batches are counted anew in each', () => {
    const lines = [0, 1].flatMap((epoch) =>
      [0, 50, 100].map((batch) => `[${epoch}/2][${batch}/150]\tLoss_D: 1\tLoss_G: 2`),
    );
    expect(updatesOf(lines).map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [0, 50],
      [0, 100],
      [1, 150],
      [1, 200],
      [1, 250],
    ]);
    expect(percentsOf(lines).map(Math.round)).toEqual([0, 17, 33, 50, 67, 83]);
  });

  it('of a summary without one is the last that was said', () => {
    expect(updatesOf(['Epoch 1/2 batch 50/50 loss: 3', 'Epoch 1/2 val_loss: 2']).map(({ step }) => step)).toEqual([
      50, 50,
    ]);
  });

  it('is the ordinal of the update when nothing is said', () => {
    const lines = ['g_loss: 1', 'd_loss: 2', 'g_loss: 3', 'd_loss: 4'];
    expect(updatesOf(lines)).toEqual([
      { step: 1, generator_loss: 1 },
      { step: 1, discriminator_loss: 2 },
      { step: 2, generator_loss: 3 },
      { step: 2, discriminator_loss: 4 },
    ]);
  });
});

describe('progress', () => {
  it.each([
    ['progress: 45%', 45],
    ['45% done', 45],
    ['[ 45%] building', 45],
    ['45 %', 45],
    ['step 45/100', 45],
    [' 45%|████▌     | 45/100 [00:10<00:12,  4.50it/s]', 45],
    ['Training ━━━━━━━ 45% 0:00:10', 45],
    ['{"progress_percent": 45}', 45],
    ['{"type": "progress", "epoch": 3, "progress_percent": 45.0, "timestamp": "2024"}', 45],
  ])('%s', (line, percent) => expect(percentsOf([line])).toEqual([percent]));

  it('of an epoch is a part of the whole', () => {
    expect(percentsOf(['Epoch 3/10:  50%|█████     | 30/60 [00:01<00:01]'])).toEqual([25]);
    expect(percentsOf(['Epoch 3/10', '30/60 [=====>....] - ETA: 3s - loss: 0.5'])).toEqual([20, 25]);
    expect(percentsOf(['Epoch 3/10 step 400/500 loss: 1'])).toEqual([20]);
  });

  it('of something else than the run is not taken for its own', () => {
    expect(percentsOf(['Loading: 100%|██████████| 7/7 [00:01<00:00]', 'progress: 10%'], { totalEpochs: 7 })).toEqual(
      [],
    );
    expect(percentsOf(['Epoch 1', 'progress: 10%'])).toEqual([]);
  });

  it('of a bar over the epochs counts epochs', () => {
    const lines = [' 20%|██        | 2/10 [00:10<00:12, loss=0.5]', ' 30%|███       | 3/10 [00:10<00:12, loss=0.4]'];
    expect(percentsOf(lines, { totalEpochs: 10 })).toEqual([20, 30]);
    expect(
      updatesOf(lines, { totalEpochs: 10 }).map(({ epoch, step, ...rest }) => [epoch, step, rest['loss']]),
    ).toEqual([
      [2, 2, 0.5],
      [3, 3, 0.4],
    ]);
  });

  it('never falls, and says nothing twice', () => {
    expect(
      percentsOf(['progress: 50%', 'progress: 50%', 'progress: 40%', 'progress: 50.01%', 'progress: 60%']),
    ).toEqual([50, 60]);
  });

  it('takes the metrics of a bar once a second', () => {
    const reader = new LineReader({ totalEpochs: 100 });
    const updates = Array.from({ length: 40 }, (_, index) =>
      reader.read(`Epoch 1/100: ${index}%|█ | ${index}/100 [00:00<00:01, loss=${index}]`, {
        isRewritten: true,
        ms: index * 100,
      }),
    ).flatMap(({ update }) => (update ? [update['loss']] : []));
    expect(updates).toEqual([0, 10, 20, 30]);
  });
});

describe('any line at all', () => {
  it('gives an update that keeps the contract, or none', () => {
    const word = fc.constantFrom(
      'Epoch',
      'loss',
      ':',
      '=',
      '3/10',
      '1e5',
      'nan',
      '%',
      '|',
      '[',
      ']',
      '{',
      '}',
      '"',
      ',',
      ' ',
      '-',
      'step',
      '99999999999',
    );
    const line = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.array(word, { maxLength: 20 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        let last = -1;
        for (const { update, progress } of readAll(lines)) {
          if (update) trainingUpdateSchema.parse(update);
          if (!progress) continue;
          expect(progress.progress_percent).toBeGreaterThanOrEqual(Math.max(0, last));
          expect(progress.progress_percent).toBeLessThanOrEqual(100);
          last = progress.progress_percent;
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'loss: '.repeat(2_000),
    'epoch '.repeat(2_000),
    `${'a '.repeat(4_000)}: 5`,
    '['.repeat(8_000),
    `{${'"a":1,'.repeat(1_500)}`,
    '9'.repeat(8_000),
    `loss: ${'1'.repeat(8_000)}`,
    ' '.repeat(8_192),
    'a: [1 '.repeat(1_300),
    `${'█'.repeat(8_000)}`,
    '1%|'.repeat(2_700),
    'x='.repeat(4_000),
  ])('is read in no time, whatever it holds (%#)', (line) => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      readAll([line, line]);
      return performance.now() - start;
    });
    // The best of five: a busy machine may hold up any one of them.
    expect(Math.min(...times)).toBeLessThan(250);
  });
});
