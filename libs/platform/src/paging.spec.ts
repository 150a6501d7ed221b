import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './paging';

const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 4 });

describe('cursors', () => {
  it('come back as they were made', () => {
    fc.assert(
      fc.property(values, (given) => {
        expect(decodeCursor(encodeCursor(given), given.length)).toEqual(given);
      }),
    );
    expect(decodeCursor(undefined, 2)).toBeUndefined();
  });

  it('are refused when they are not ours, whatever they are', () => {
    fc.assert(
      fc.property(values, fc.string(), (given, noise) => {
        expect(() => decodeCursor(encodeCursor(given), given.length + 1)).toThrow(/400 cursor_invalid/);
        expect(() => decodeCursor(noise, 9)).toThrow(/400 cursor_invalid/);
      }),
    );
    for (const shape of [[{}], [[1]], [true]]) {
      expect(() => decodeCursor(Buffer.from(JSON.stringify(shape)).toString('base64url'), 1)).toThrow(/cursor_invalid/);
    }
  });
});
