import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ChosenProject } from './chosen-project';
import { ProjectsStore } from './projects-store';

/** Whose runs and data sets the lists show; nothing where there is but one project. */
@Component({
  selector: 'gd-project-chooser',
  template: `
    @if (store.isChoice()) {
      <label class="gd-visually-hidden" for="project-chooser" i18n>Project</label>
      <select #select id="project-chooser" class="gd-input" data-testid="project-chooser" (change)="choose(select)">
        <option value="" [selected]="chosen.id() === null" i18n>All projects</option>
        @for (project of store.items(); track project.id) {
          <option [value]="project.id" [selected]="project.id === chosen.id()">{{ project.name }}</option>
        }
      </select>
    }
  `,
  styles: `
    :host {
      min-width: 0;
    }
    .gd-visually-hidden {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    select {
      max-width: 190px;
      min-height: 28px;
      text-overflow: ellipsis;
    }
    @media (max-width: 759px) {
      select {
        max-width: 130px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProjectChooser {
  protected readonly store = inject(ProjectsStore);
  protected readonly chosen = inject(ChosenProject);

  protected choose(select: HTMLSelectElement): void {
    this.chosen.choose(select.value === '' ? null : select.value);
  }
}
