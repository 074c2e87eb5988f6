import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { rangeText } from './config-form';
import type { RawValue } from './config-form';
import type { FieldState } from './training-draft';

/** One setting of a model, drawn from its description. */
@Component({
  selector: 'gd-config-field',
  templateUrl: './config-field.html',
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .with-unit {
      position: relative;
    }
    .unit {
      position: absolute;
      right: 8px;
      top: 6px;
      color: var(--gd-muted);
      font-size: 12px;
      pointer-events: none;
    }
    .tick {
      display: flex;
      gap: 7px;
      align-items: center;
      min-height: 24px;
    }
    .tick input {
      width: 15px;
      height: 15px;
      accent-color: var(--gd-ink);
    }
    .changed {
      color: var(--gd-discriminator);
      font-weight: 500;
      font-size: 11px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfigField {
  readonly state = input.required<FieldState>();
  readonly valueChange = output<RawValue>();

  protected readonly id = computed(() => `config-${this.state().field.name}`);
  protected readonly range = computed(() => rangeText(this.state().field));
  protected readonly hint = computed(() => {
    const { source } = this.state().field;
    const description = this.state().field.description.replaceAll('`', '');
    return source === undefined ? description : `${description} (${source})`;
  });
}
