import fc from 'fast-check';
import { LinkTokens } from './link-tokens';

const tokens = new LinkTokens(Buffer.alloc(32, 1));
const kind = fc.constantFrom('delegate' as const, 'leader' as const);
const generation = fc.integer({ min: 1, max: 0xffff_ffff });

describe('link tokens', () => {
  it('come back as they were made', () => {
    fc.assert(
      fc.property(kind, fc.uuid(), generation, (a, id, n) => {
        expect(tokens.parse(tokens.make(a, id, n))).toEqual({ kind: a, id, generation: n });
      }),
    );
  });

  it('are refused with any one bit flipped, under another key, cut, padded or spelt otherwise', () => {
    fc.assert(
      fc.property(kind, fc.uuid(), generation, fc.nat(53 * 8 - 1), (a, id, n, bit) => {
        const token = tokens.make(a, id, n);
        const bytes = Buffer.from(token, 'base64url');
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(tokens.parse(bytes.toString('base64url'))).toBeUndefined();
        expect(new LinkTokens(Buffer.alloc(32, 2)).parse(token)).toBeUndefined();
        for (const other of [token.slice(0, -1), `${token}=`, `${token}A`, ` ${token}`, '']) {
          expect(tokens.parse(other)).toBeUndefined();
        }
      }),
    );
  });

  it('have one spelling: unused bits at the end are refused', () => {
    const token = tokens.make('delegate', '01890a5d-ac96-774b-bcce-b302099a8057', 1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const accepted = [...alphabet].filter((last) => tokens.parse(token.slice(0, -1) + last));
    expect(accepted).toEqual([token.at(-1)]);
  });
});
