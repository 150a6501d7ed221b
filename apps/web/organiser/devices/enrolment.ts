/** `7KQ2M0XD93TV` -> `7KQ2 M0XD 93TV`: groups of four, as they are read aloud and typed. */
export function inGroups(code: string): string {
  return code
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/(.{4})(?=.)/g, '$1 ');
}

/** What the two QR codes say: where to open the door, and how it is enrolled. The code is a fragment: it reaches no log. */
export function enrolmentAddresses(origin: string, code: string): { open: string; enrol: string } {
  return { open: `${origin}/door`, enrol: `${origin}/door#enrol=${encodeURIComponent(code)}` };
}

/** `9:05`, never below nothing. */
export function timeLeft(expiresAt: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(expiresAt) - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
