import { expect, test } from '../test';

const asFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'text/csv', buffer });

const unreadable = [
  { name: 'nothing', buffer: Buffer.alloc(0), reason: 'The file is empty.' },
  { name: 'picture', buffer: Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0', 'latin1'), reason: 'binary file' },
  { name: 'heading', buffer: Buffer.from('a,b,c\n'), reason: 'no rows' },
];

for (const { name, buffer, reason } of unreadable) {
  test(`a file that can't be read says why: ${name}`, async ({ dashboard, page }) => {
    await dashboard.open();
    await page.getByTestId('upload-input').setInputFiles(asFile(`${name}.csv`, buffer));
    const item = dashboard.datasetItem(name);
    await expect(item).toHaveAttribute('data-status', 'failed');
    await expect(item).toContainText(reason);
    await expect(page.getByTestId('dataset-head').getByRole('alert')).toContainText(reason);
    await expect(dashboard.start).toBeDisabled();
    await expect(dashboard.startReason).toHaveText(`“${name}” could not be imported; choose another data set.`);

    await item.getByTestId('dataset-delete').click();
    await page.getByTestId('confirm-button').click();
    await expect(item).toHaveCount(0);
  });
}

test('rows that do not fit are counted and shown', async ({ dashboard, page }) => {
  const rows = Array.from({ length: 40 }, (_, index) => `${index},${index / 4},x`);
  const text = ['a,b,c', ...rows, '41,2', '42,3,y,z', ''].join('\n');
  await dashboard.open();
  await page.getByTestId('upload-input').setInputFiles(asFile('ragged.csv', Buffer.from(text)));
  await expect(dashboard.datasetItem('ragged')).toHaveAttribute('data-status', 'ready');
  const head = page.getByTestId('dataset-head');
  await expect(head.getByRole('list', { name: 'Warnings' })).toContainText('2 of 42 rows were rejected');
  await head.getByText('2 rows could not be read').click();
  await expect(head.locator('details tbody tr')).toHaveCount(2);
  await expect(head.locator('details')).toContainText('42,3,y,z');
  await expect(dashboard.startReason).toHaveText('Ready: 40 rows of “ragged”.');
});
