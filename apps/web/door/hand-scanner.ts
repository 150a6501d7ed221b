/**
 * Reads what a hand scanner types. It tells a scanner from a person by its speed, so it works wherever the focus is; keys
 * are read by their place (`event.code`) and Shift as on a US keyboard, which is what scanners pretend to be, whatever
 * layout this machine has.
 */

/** Of a burst, the longest time between two keys. People do not keep this up for six keys. */
export const BURST_GAP_MS = 50;
const SHORTEST_SCAN = 6;
/** From this key on, what is typed is taken away from the page. */
const SWALLOW_FROM = 4;
/** Between a prefix and a suffix key, speed does not matter; but it ends. */
const FRAMED_MS = 5_000;
const LONGEST_SCAN = 8_192;

export interface Key {
  code: string;
  shift: boolean;
  /** The character as this machine's layout has it, for keys outside our alphabet. */
  key: string;
  /** ms, on a steady clock. */
  at: number;
}
/** `swallow`: the page must not see this key. */
export interface Heard {
  swallow: boolean;
  scan?: string;
}
export interface ScannerKeys {
  /** `event.code` of the key before a code; none: a burst is enough. */
  prefix?: string | undefined;
  /** `event.code` of the key after a code. */
  suffix: string;
}

const shifted: Record<string, string> = {
  Digit1: '!',
  Digit2: '@',
  Digit3: '#',
  Digit4: '$',
  Digit5: '%',
  Digit6: '^',
  Digit7: '&',
  Digit8: '*',
  Digit9: '(',
  Digit0: ')',
  Minus: '_',
  Equal: '+',
  Semicolon: ':',
  Slash: '?',
  Period: '>',
  Comma: '<',
  Quote: '"',
  Backquote: '~',
  BracketLeft: '{',
  BracketRight: '}',
  Backslash: '|',
};
const plain: Record<string, string> = {
  Space: ' ',
  Minus: '-',
  Equal: '=',
  Semicolon: ';',
  Slash: '/',
  Period: '.',
  Comma: ',',
  Quote: "'",
  Backquote: '`',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  NumpadAdd: '+',
  NumpadSubtract: '-',
  NumpadMultiply: '*',
  NumpadDivide: '/',
  NumpadDecimal: '.',
};

/** The character of a key. Letters are capitals whatever Caps Lock and Shift say: our alphabet has no others. */
export function characterOf({ code, shift, key }: Omit<Key, 'at'>): string | undefined {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return letter;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (digit) return (shift && code.startsWith('Digit') && shifted[code]) || digit;
  const symbol = shift ? (shifted[code] ?? plain[code]) : plain[code];
  return symbol ?? (key.length === 1 ? key : undefined);
}

export class HandScanner {
  private typed = '';
  private startedAt = 0;
  private lastAt = Number.NEGATIVE_INFINITY;
  private framed = false;

  constructor(private readonly keys: ScannerKeys) {}

  /** Of the burst that may still go on at `at`, the number of keys. */
  lengthAt(at: number): number {
    return at - this.lastAt <= BURST_GAP_MS ? this.typed.length : 0;
  }

  press(key: Key): Heard {
    if (key.code === this.keys.prefix) {
      this.begin(key.at);
      this.framed = true;
      return { swallow: true };
    }
    if (this.framed && key.at - this.startedAt > FRAMED_MS) this.forget();
    if (!this.framed && key.at - this.lastAt > BURST_GAP_MS) this.forget();
    if (key.code === this.keys.suffix) return this.end();
    const character = characterOf(key);
    // Shift itself, Alt and the like are part of a burst and say nothing.
    if (character === undefined) return { swallow: false };
    if (this.typed === '' && !this.framed) this.begin(key.at);
    if (this.typed.length < LONGEST_SCAN) this.typed += character;
    this.lastAt = key.at;
    return { swallow: this.framed || (!this.keys.prefix && this.typed.length >= SWALLOW_FROM) };
  }

  private end(): Heard {
    const { typed, framed } = this;
    this.forget();
    if (this.keys.prefix ? framed && typed !== '' : typed.length >= SHORTEST_SCAN)
      return { swallow: true, scan: typed };
    return { swallow: false };
  }

  private begin(at: number): void {
    this.typed = '';
    this.startedAt = at;
    this.lastAt = at;
  }

  private forget(): void {
    this.typed = '';
    this.framed = false;
    this.lastAt = Number.NEGATIVE_INFINITY;
  }
}
