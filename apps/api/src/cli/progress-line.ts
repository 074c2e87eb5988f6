import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { RunEventData } from '@gan-dashboard/shared-types';

type Progress = RunEventData<'progress'>;
type Update = RunEventData<'training_update'>;

const barWidth = 24;
/** What is shown of an epoch's means where it was measured, in this order. */
const shownLosses: Record<string, string> = {
  loss: 'loss',
  generator_loss: 'G',
  discriminator_loss: 'D',
};

/** Where the training stands, in one line: `epoch 3/10  30 %  ETA 0:42  G 0.712  D -0.520`. */
export function progressText(progress: Progress, update: Update | undefined): string {
  const { epoch = 0, total_epochs: epochs = 0, phase, progress_percent: percent, eta_seconds: eta } = progress;
  const stand = phase === 'training' || phase === 'saving' ? `epoch ${epoch}/${epochs}` : phase;
  const parts = [stand, `${Math.floor(percent)} %`, ...(eta === undefined ? [] : [`ETA ${duration(eta)}`])];
  return [...parts, ...lossTexts(update)].join('  ');
}

/** The same with a bar before it, cut to the width of the terminal. */
export function progressBar(progress: Progress, update: Update | undefined, columns: number): string {
  const filled = Math.round((barWidth * progress.progress_percent) / 100);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  // One column stays free: a full line would wrap, and could not be drawn over.
  return `${bar}  ${progressText(progress, update)}`.slice(0, Math.max(0, columns - 1));
}

function lossTexts(update: Update | undefined): string[] {
  if (!update) return [];
  return Object.entries(shownLosses).flatMap(([name, title]) => {
    const value = update[name];
    return value === undefined ? [] : [`${title} ${fromWireNumber(value).toFixed(3)}`];
  });
}

/** `0:05`, `12:30`, `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}
