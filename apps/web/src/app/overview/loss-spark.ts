import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { formatMetric } from '../design/format';
import type { Losses } from './loss-store';
import { sparkHeight, sparkPaths, sparkWidth } from './spark';

/** The shape of both losses, with their last values. */
@Component({
  selector: 'gd-loss-spark',
  template: `
    <svg [attr.viewBox]="box" preserveAspectRatio="none" role="img" [attr.aria-label]="label()">
      @for (path of paths(); track $index) {
        <path [attr.d]="path" [class]="$index === 0 ? 'generator' : 'discriminator'" />
      }
    </svg>
    <p class="gd-small">
      <span i18n><span class="key generator" aria-hidden="true"></span>Generator {{ last('generator_loss') }}</span>
      <span i18n
        ><span class="key discriminator" aria-hidden="true"></span>Discriminator {{ last('discriminator_loss') }}</span
      >
    </p>
    @if (isFailed()) {
      <p class="gd-hint" i18n>The history of the losses could not be read; new values appear as they come.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 3px;
      min-width: 0;
    }
    svg {
      width: 100%;
      height: 46px;
      background: var(--gd-sunken);
      border-radius: 6px;
    }
    path {
      fill: none;
      stroke-width: 1.6;
      vector-effect: non-scaling-stroke;
    }
    path.generator {
      stroke: var(--gd-generator);
    }
    path.discriminator {
      stroke: var(--gd-discriminator);
    }
    p {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 14px;
      color: var(--gd-muted);
    }
    .key {
      display: inline-block;
      width: 9px;
      height: 9px;
      margin-right: 5px;
      border-radius: 2px;
    }
    .key.generator {
      background: var(--gd-generator);
    }
    .key.discriminator {
      background: var(--gd-discriminator);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LossSpark {
  readonly losses = input.required<Losses>();
  readonly isFailed = input(false);

  protected readonly box = `0 0 ${sparkWidth} ${sparkHeight}`;
  protected readonly paths = computed(() =>
    sparkPaths([this.losses().generator_loss, this.losses().discriminator_loss]),
  );
  protected readonly label = computed(() => {
    const { generator_loss: generator, discriminator_loss: discriminator } = this.losses();
    if (generator.value.length + discriminator.value.length === 0) return $localize`Losses: nothing measured yet`;
    return $localize`Losses over ${Math.max(generator.value.length, discriminator.value.length)} points: ${sentence(
      'generator',
      generator.value,
    )}, ${sentence('discriminator', discriminator.value)}`;
  });

  protected last(name: keyof Losses): string {
    return formatMetric(this.losses()[name].value.at(-1));
  }
}

function sentence(who: string, values: readonly number[]): string {
  return $localize`${who} from ${formatMetric(values[0])} to ${formatMetric(values.at(-1))}`;
}
