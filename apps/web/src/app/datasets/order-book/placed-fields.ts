import type { ConfigField, Dataset } from '@gan-dashboard/shared-types';

/** The settings that a form shows: that of order books only for those, and there where it is seen. */
export function placedFields<State extends { field: ConfigField }>(
  states: readonly State[],
  dataset: Dataset | undefined,
): State[] {
  const isBook = dataset?.structure?.order_book?.is_used === true;
  return states.flatMap((state) => {
    if (state.field.name !== 'order_book_rows') return [state];
    return isBook ? [{ ...state, field: { ...state.field, is_advanced: false } }] : [];
  });
}
