import { badgeCharacters } from '@plenary/badge-token';
import fc from 'fast-check';
import { BURST_GAP_MS, characterOf, HandScanner, type Key } from './hand-scanner';

const base45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const places: Record<string, [code: string, shift: boolean]> = {
  ' ': ['Space', false],
  $: ['Digit4', true],
  '%': ['Digit5', true],
  '*': ['Digit8', true],
  '+': ['Equal', true],
  '-': ['Minus', false],
  '.': ['Period', false],
  '/': ['Slash', false],
  ':': ['Semicolon', true],
};
/** Where a US keyboard has the character. `key` is what a French keyboard makes of it: it must not matter. */
const keyFor = (character: string): Omit<Key, 'at'> => {
  const [code, shift] =
    places[character] ?? (/\d/.test(character) ? [`Digit${character}`, false] : [`Key${character}`, true]);
  return { code, shift, key: 'é' };
};
const shift: Omit<Key, 'at'> = { code: 'ShiftLeft', shift: true, key: 'Shift' };
const enter: Omit<Key, 'at'> = { code: 'Enter', shift: false, key: 'Enter' };

/** Types with these pauses between keys; answers the scans that were heard. */
function type(scanner: HandScanner, text: string, gaps: (index: number) => number, end = [enter], start = 0) {
  const scans: string[] = [];
  const swallowed: boolean[] = [];
  let at = start;
  for (const [index, key] of [...Array.from(text, keyFor), ...end].entries()) {
    at += gaps(index);
    if (key.shift) scanner.press({ ...shift, at });
    const heard = scanner.press({ ...key, at });
    swallowed.push(heard.swallow);
    if (heard.scan !== undefined) scans.push(heard.scan);
  }
  return { scans, swallowed, at };
}

const tokens = fc.string({
  unit: fc.constantFrom(...base45),
  minLength: badgeCharacters,
  maxLength: badgeCharacters,
});

describe('the hand scanner', () => {
  it('reads any base45 token that is typed in a burst, whole', () => {
    fc.assert(
      fc.property(
        tokens,
        fc.array(fc.integer({ min: 0, max: BURST_GAP_MS }), { minLength: 140, maxLength: 140 }),
        (token, gaps) => {
          const { scans } = type(new HandScanner({ suffix: 'Enter' }), token, (index) => gaps[index] ?? 0);
          expect(scans).toEqual([token]);
        },
      ),
    );
  });

  it('reads one after the other', () => {
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 0, max: 5_000 }), (first, second, pause) => {
        const scanner = new HandScanner({ suffix: 'Enter' });
        const one = type(scanner, first, () => 3);
        const other = type(scanner, second, () => 3, [enter], one.at + pause);
        expect([...one.scans, ...other.scans]).toEqual([first, second]);
      }),
    );
  });

  it('leaves a person who types alone, however long and with Enter at the end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...base45), minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: BURST_GAP_MS + 1, max: 900 }), { minLength: 41, maxLength: 41 }),
        (text, gaps) => {
          const { scans, swallowed } = type(new HandScanner({ suffix: 'Enter' }), text, (index) => gaps[index] ?? 99);
          expect(scans).toEqual([]);
          expect(swallowed).not.toContain(true);
        },
      ),
    );
  });

  it('is not begun by what was typed by hand before', () => {
    const scanner = new HandScanner({ suffix: 'Enter' });
    const before = type(scanner, 'WANG', () => 120, []);
    const { scans } = type(scanner, 'ABC123456', () => 2, [enter], before.at + 300);
    expect(scans).toEqual(['ABC123456']);
  });

  it('takes its keys away from the page from the fourth on, and the Enter at the end', () => {
    const { swallowed } = type(new HandScanner({ suffix: 'Enter' }), 'ABCDEFGH', () => 2);
    expect(swallowed).toEqual([false, false, false, true, true, true, true, true, true]);
  });

  it('a lone Enter and a short burst are the page’s own', () => {
    const scanner = new HandScanner({ suffix: 'Enter' });
    expect(scanner.press({ ...enter, at: 0 })).toEqual({ swallow: false });
    expect(type(scanner, 'AB', () => 2, [enter], 1_000).scans).toEqual([]);
  });

  it('with a prefix key reads at any speed, and nothing without it', () => {
    const keys = { prefix: 'F8', suffix: 'F9' };
    const suffix = { code: 'F9', shift: false, key: 'F9' };
    const scanner = new HandScanner(keys);
    expect(scanner.press({ code: 'F8', shift: false, key: 'F8', at: 0 })).toEqual({ swallow: true });
    expect(type(scanner, 'AB 12', () => 200, [suffix]).scans).toEqual(['AB 12']);
    expect(type(new HandScanner(keys), 'ABCDEFGHIJ', () => 2, [suffix]).scans).toEqual([]);
  });

  it('forgets a prefix that no code follows', () => {
    const scanner = new HandScanner({ prefix: 'F8', suffix: 'Enter' });
    scanner.press({ code: 'F8', shift: false, key: 'F8', at: 0 });
    expect(type(scanner, 'ABCDEFG', () => 2, [enter], 60_000).swallowed).not.toContain(true);
  });

  it('reads letters as capitals whatever Caps Lock says, digits of the number pad, and others as they are', () => {
    expect(characterOf({ code: 'KeyQ', shift: false, key: 'a' })).toBe('Q');
    expect(characterOf({ code: 'Numpad7', shift: false, key: '7' })).toBe('7');
    expect(characterOf({ code: 'IntlBackslash', shift: false, key: '<' })).toBe('<');
    expect(characterOf({ code: 'ShiftLeft', shift: true, key: 'Shift' })).toBeUndefined();
  });
});
