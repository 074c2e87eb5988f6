import { describe, expect, it } from 'vitest';
import { duration, progressBar, progressText } from './progress-line';

const progress = {
  epoch: 3,
  total_epochs: 10,
  progress_percent: 25.9,
  phase: 'training' as const,
  elapsed_seconds: 9,
  eta_seconds: 65,
};

describe('the line of progress', () => {
  it('holds what was said and measured, and nothing else', () => {
    const update = { step: 12, generator_loss: 0.7123, discriminator_loss: 'NaN' as const };
    expect(progressText(progress, update)).toBe('epoch 3/10  25 %  ETA 1:05  G 0.712  D NaN');
    const { eta_seconds: _eta, ...unknown } = progress;
    expect(progressText(unknown, undefined)).toBe('epoch 3/10  25 %');
    expect(progressText({ ...unknown, phase: 'preparing' }, undefined)).toBe('preparing  25 %');
  });

  it('fits the terminal', () => {
    expect(progressBar(progress, undefined, 80)).toBe(`${'█'.repeat(6)}${'░'.repeat(18)}  epoch 3/10  25 %  ETA 1:05`);
    expect(progressBar(progress, undefined, 20)).toHaveLength(19);
  });

  it.each([
    [4.6, '0:05'],
    [750, '12:30'],
    [3723, '1:02:03'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
