/**
 * Base45 (RFC 9285): bytes as text in the 45 characters of a QR code's alphanumeric mode, which needs a third less
 * room than byte mode for the same bytes.
 *
 * Decoding is strict: two texts never decode to the same bytes, so a text stands for its bytes one to one.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const symbolValues = new Map([...alphabet].map((character, value) => [character, value]));

/** Two bytes become three characters, least significant first; a single last byte becomes two. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const value = byte(bytes, at) * 256 + byte(bytes, at + 1);
    text += symbol(value) + symbol(value / 45) + symbol(value / 2025);
  }
  if (bytes.length % 2 === 1) {
    const value = byte(bytes, bytes.length - 1);
    text += symbol(value) + symbol(value / 45);
  }
  return text;
}

/** undefined: a character outside the alphabet (lower case is), an impossible length, or a group above its bytes. */
export function decodeBase45(text: string): Uint8Array<ArrayBuffer> | undefined {
  const rest = text.length % 3;
  if (rest === 1) return undefined;
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (rest === 2 ? 1 : 0));
  for (let at = 0, to = 0; at < text.length; at += 3) {
    const first = symbolValues.get(text.charAt(at));
    const second = symbolValues.get(text.charAt(at + 1));
    const isLastByte = at + 2 === text.length;
    const third = isLastByte ? 0 : symbolValues.get(text.charAt(at + 2));
    if (first === undefined || second === undefined || third === undefined) return undefined;
    const value = first + second * 45 + third * 2025;
    if (value > (isLastByte ? 0xff : 0xffff)) return undefined;
    if (!isLastByte) bytes[to++] = value >> 8;
    bytes[to++] = value & 0xff;
  }
  return bytes;
}

function symbol(value: number): string {
  return alphabet.charAt(Math.floor(value) % 45);
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}
