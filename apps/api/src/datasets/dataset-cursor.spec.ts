import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './dataset-cursor';

describe('the cursor of the list', () => {
  it('comes back as it went out', () => {
    const position = { createdAt: new Date('2026-11-23T10:00:00.123Z'), id: '6f1e0c1a-6a3f-4b6e-9a51-0a4e8d4b1c11' };
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  it.each(['', 'x', Buffer.from('now 1').toString('base64url')])('refuses %j, naming the field', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(/^cursor: is not a cursor/);
  });
});
