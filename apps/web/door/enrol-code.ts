/** Enrolment codes are 12 digits of Crockford's base32, written in fours: `7KQ2-M0XD-93TV`. */
const length = 12;

/** The code as it is written, from whatever was typed or pasted: any case, spaces, dashes, O for 0, I and L for 1. */
export function formatCode(typed: string): string {
  const digits = typed
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, length);
  return digits.replace(/(.{4})(?=.)/g, '$1-');
}

export const isWhole = (code: string): boolean => code.replaceAll('-', '').length === length;

/** The code in an address that an organiser's QR code opened (`…/door#enrol=<code>`). */
export function codeIn(fragment: string): string | undefined {
  const found = new URLSearchParams(fragment.replace(/^#/, '')).get('enrol');
  return found ? formatCode(found) : undefined;
}

/** Takes the code out of the address at once: it must not stay in the history, in a bookmark or on a screenshot. */
export function takeCodeFromAddress(): string | undefined {
  const code = codeIn(location.hash);
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return code;
}
