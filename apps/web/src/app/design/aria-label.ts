import { Directive, input } from '@angular/core';

/**
 * An accessible name with values in it, ready for translation: `gdLabel="Delete {{ name }}" i18n-gdLabel`. Angular sets a
 * translated `aria-label` that holds a value as a property of the element, which no browser reads.
 */
@Directive({ selector: '[gdLabel]', host: { '[attr.aria-label]': 'gdLabel()' } })
export class AriaLabel {
  readonly gdLabel = input.required<string>();
}
