import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Icon } from '../../design/icon';
import { TrainingDraft } from '../training-draft';
import { readSettings, settingsText } from './settings-file';
import type { SettingsFile, SettingsFormat } from './settings-file';

/** Takes the settings out of the form into a file, and from a file into the form. */
@Component({
  selector: 'gd-settings-exchange',
  imports: [Icon],
  template: `
    <div class="buttons">
      <button type="button" class="gd-tool outlined" data-testid="export-yaml" (click)="save('yaml')" i18n>
        <gd-icon name="download" />YAML
      </button>
      <button type="button" class="gd-tool outlined" data-testid="export-json" (click)="save('json')" i18n>
        <gd-icon name="download" />JSON
      </button>
      <label class="gd-tool outlined pick" i18n>
        <gd-icon name="upload" />Import
        <input
          #file
          type="file"
          class="visually-hidden"
          accept=".yaml,.yml,.json"
          data-testid="import-settings"
          (change)="picked(file)"
        />
      </label>
    </div>
    <p class="gd-small" [class.gd-error]="isWrong()" role="status" data-testid="exchange-text">{{ text() }}</p>
  `,
  styles: `
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    .pick:focus-within {
      outline: 2px solid var(--gd-focus);
      outline-offset: 2px;
    }
    p:empty {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SettingsExchange {
  private readonly draft = inject(TrainingDraft);
  protected readonly text = signal('');
  protected readonly isWrong = signal(false);

  protected save(format: SettingsFormat): void {
    const model = this.draft.model();
    if (!model) return;
    const seed = this.draft.seedCheck();
    const settings: SettingsFile = {
      model: model.name,
      ...(seed.ok && seed.value !== undefined ? { seed: seed.value } : {}),
      config: this.draft.config(),
    };
    settingsText(settings, format).then(
      (content) => offer(`${model.name.replace(/\W+/g, '-')}-settings.${format}`, content),
      (error: unknown) => this.say(error, true),
    );
  }

  protected picked(input: HTMLInputElement): void {
    const file = input.files?.[0];
    input.value = ''; // The same file can be picked again after it was corrected.
    if (!file) return;
    file
      .text()
      .then(readSettings)
      .then(
        (settings) => this.take(settings, file.name),
        (error: unknown) => this.say(error, true),
      );
  }

  private take({ model = this.draft.model()?.name ?? '', seed, config }: SettingsFile, name: string): void {
    if (!this.draft.models()?.some((known) => known.name === model)) {
      return this.say($localize`“${name}” is for the model “${model}”, which this server does not have.`, true);
    }
    const unknown = this.draft.fill(model, config);
    if (seed !== undefined) this.draft.setSeed(String(seed));
    if (unknown.length === 0) return this.say($localize`Taken from “${name}”.`, false);
    this.say($localize`Taken from “${name}”, without what ${model} does not have: ${unknown.join(', ')}.`, true);
  }

  private say(what: unknown, isWrong: boolean): void {
    this.text.set(what instanceof Error ? what.message : String(what));
    this.isWrong.set(isWrong);
  }
}

function offer(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
