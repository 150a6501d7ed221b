/** One entry of a calendar. Texts are plain: escaping is done here. */
export interface CalendarEntry {
  /** The same for the same thing, always and everywhere. */
  readonly uid: string;
  /** Rises when the thing changes, so that a calendar takes the newer one. */
  readonly sequence: number;
  readonly status: 'CONFIRMED' | 'TENTATIVE';
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly summary: string;
  readonly location: string;
}

/** Octets of a line without its line break: RFC 5545, section 3.1. */
const LINE = 75;

/** A calendar file (RFC 5545): `name` is what calendar programs call it, `at` when it was made. */
export function icalendar(name: string, entries: readonly CalendarEntry[], at: Date): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Plenary//Plenary//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...entries.flatMap((entry) => [
      'BEGIN:VEVENT',
      `UID:${escaped(entry.uid)}`,
      `DTSTAMP:${utc(at)}`,
      `SEQUENCE:${entry.sequence}`,
      `STATUS:${entry.status}`,
      `DTSTART:${utc(entry.startsAt)}`,
      `DTEND:${utc(entry.endsAt)}`,
      `SUMMARY:${escaped(entry.summary)}`,
      ...(entry.location === '' ? [] : [`LOCATION:${escaped(entry.location)}`]),
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** `20260521T013000Z` */
function utc(at: Date): string {
  return at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
}

/** RFC 5545, section 3.3.11; what no text may hold is left out. */
function escaped(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: leaving them out is the point
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .replace(/[\\;,]/g, '\\$&')
      .replace(/\n/g, '\\n')
  );
}

/** A long line goes on after a break and a space; characters stay whole. */
function folded(line: string): string {
  let text = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return text;
}
