import { TestBed } from '@angular/core/testing';
import { ModelsApi } from '../api/models-api';
import { aField, aRun } from '../testing/builders';
import { TrainingDraft } from './training-draft';

const epochs = aField({ name: 'epochs', default: 100 });
const layers = aField({ name: 'layers', kind: 'integer_list', default: [256, 256], maximum: 4096 });

async function draftWith(name: string): Promise<TrainingDraft> {
  localStorage.clear();
  const models = [{ name, title: name, description: '', fields: [epochs, layers], json_schema: {} }];
  TestBed.configureTestingModule({
    providers: [{ provide: ModelsApi, useValue: { list: () => Promise.resolve(models) } }],
  });
  const draft = TestBed.inject(TrainingDraft);
  await draft.load();
  return draft;
}

describe('a fork', () => {
  it('starts with the settings of its parent and sends only what differs', async () => {
    const draft = await draftWith('gan');
    const parent = aRun({ model: 'gan', config: { epochs: 20, layers: [64, 32] } });
    draft.forkFrom(parent, { id: 'checkpoint', epoch: 12 });
    expect(draft.config()).toEqual({ epochs: 20, layers: [64, 32] });
    draft.setField('epochs', '50');
    const origin = draft.fork();
    expect(origin).toMatchObject({ runId: parent.id, checkpointId: 'checkpoint', epoch: 12 });
    expect(origin && draft.forkConfig(origin)).toEqual({ epochs: 50 });
  });

  it('ends when another model is chosen', async () => {
    const draft = await draftWith('gan');
    draft.forkFrom(aRun({ model: 'gan' }), { id: 'checkpoint', epoch: 1 });
    draft.chooseModel('gan');
    expect(draft.fork()).not.toBeNull();
    draft.chooseModel('ctgan');
    expect(draft.fork()).toBeNull();
  });
});
