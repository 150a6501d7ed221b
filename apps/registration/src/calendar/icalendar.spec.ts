import fc from 'fast-check';
import { type CalendarEntry, icalendar } from './icalendar';

const at = new Date('2026-05-01T08:00:00.123Z');
const entry = (change: Partial<CalendarEntry> = {}): CalendarEntry => ({
  uid: 'r-s@plenary',
  sequence: 3,
  status: 'CONFIRMED',
  startsAt: new Date('2026-05-21T01:30:00Z'),
  endsAt: new Date('2026-05-21T03:00:00Z'),
  summary: 'Urban Transformation',
  location: '302, 3F',
  ...change,
});
const lines = (text: string) => text.split('\r\n');
/** As a reader undoes it: folding first, then escaping. */
const property = (text: string, name: string) =>
  lines(text.replaceAll('\r\n ', ''))
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .replace(/\\([\\;,n])/g, (_, character) => (character === 'n' ? '\n' : character));

describe('the calendar file', () => {
  it('is written line by line, in UTC, with CRLF', () => {
    expect(
      icalendar('Conference', [entry(), entry({ uid: 'r-t@plenary', status: 'TENTATIVE', location: '' })], at),
    ).toBe(
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Plenary//Plenary//EN',
        'CALSCALE:GREGORIAN',
        'X-WR-CALNAME:Conference',
        'BEGIN:VEVENT',
        'UID:r-s@plenary',
        'DTSTAMP:20260501T080000Z',
        'SEQUENCE:3',
        'STATUS:CONFIRMED',
        'DTSTART:20260521T013000Z',
        'DTEND:20260521T030000Z',
        'SUMMARY:Urban Transformation',
        'LOCATION:302\\, 3F',
        'END:VEVENT',
        'BEGIN:VEVENT',
        'UID:r-t@plenary',
        'DTSTAMP:20260501T080000Z',
        'SEQUENCE:3',
        'STATUS:TENTATIVE',
        'DTSTART:20260521T013000Z',
        'DTEND:20260521T030000Z',
        'SUMMARY:Urban Transformation',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['hanzi', '智慧城市与数字治理'],
    ['emoji', 'Ports 🚢 and families 👨‍👩‍👧‍👦'],
    ['commas, semicolons, backslashes', 'A, B; C\\n D\\, E'],
    ['newlines', 'First\nsecond\nthird'],
    ['a long title', `${'城市转型'.repeat(60)} end`],
    ['long words of one octet', 'x'.repeat(300)],
    ['a rare hanzi at the fold', `${'x'.repeat(66)}𠮷野家`],
  ])('keeps %s', (_, summary) => {
    expect(property(icalendar('C', [entry({ summary })], at), 'SUMMARY')).toBe(summary);
  });

  it('leaves out control characters, and takes CR for a line break', () => {
    const text = icalendar('C', [entry({ summary: 'a\u0000b\u0007c\r\nd\re' })], at);
    expect(property(text, 'SUMMARY')).toBe('abc\nd\ne');
  });

  it('folds at 75 octets, never inside a character, and no text makes a line of its own', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'binary' }),
        (summary, location) => {
          const text = icalendar(summary, [entry({ summary, location })], at);
          for (const line of lines(text)) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          // A character that was cut would come out of its bytes as a replacement.
          expect(text.includes('\ufffd')).toBe((summary + location).toWellFormed().includes('\ufffd'));
          expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
          const names = lines(text.replaceAll('\r\n ', '')).map((line) => line.split(':')[0]);
          expect(names.filter((name) => name === 'BEGIN')).toHaveLength(2);
          expect(names.slice(0, 5)).toEqual(['BEGIN', 'VERSION', 'PRODID', 'CALSCALE', 'X-WR-CALNAME']);
        },
      ),
    );
  });
});
