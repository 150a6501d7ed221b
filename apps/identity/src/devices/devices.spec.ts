import { randomBytes } from 'node:crypto';
import { Secrets } from '../secrets';
import { deviceTokenEnd } from './device.rules';
import { EnrolmentCodes } from './enrolment-codes';

describe('enrolment codes', () => {
  process.env.IDENTITY_KEY = randomBytes(32).toString('base64url');
  const codes = new EnrolmentCodes(new Secrets());

  it('have 60 bits in three groups that can be read aloud', () => {
    const made = new Set(Array.from({ length: 500 }, (_, number) => codes.make('device', number)));
    expect(made.size).toBe(500);
    for (const code of made) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    // Every digit is used: none of the 32 is left out by the arithmetic.
    expect(new Set([...made].join('').replaceAll('-', '')).size).toBe(32);
  });

  it('are found however they are typed', () => {
    const hash = codes.hash('10AB-CDEF-GHJK');
    expect(codes.hash(' ioab cdef ghjk')).toEqual(hash);
    expect(codes.hash('LOABCDEFGHJK')).toEqual(hash);
    expect(codes.hash('10AB-CDEF-GHJM')).not.toEqual(hash);
    for (const rubbish of ['', '10AB', 'UUUU-UUUU-UUUU', '10AB-CDEF-GHJK-1', '１０ABCDEFGHJK']) {
      expect(codes.hash(rubbish)).toBeUndefined();
    }
  });
});

describe('a device token ends', () => {
  const now = new Date('2026-05-01T10:00:00Z');
  it('after 30 days, or a week after the conference if that is later', () => {
    expect(deviceTokenEnd(now, undefined).toISOString()).toBe('2026-05-31T10:00:00.000Z');
    expect(deviceTokenEnd(now, '2026-05-10').toISOString()).toBe('2026-05-31T10:00:00.000Z');
    expect(deviceTokenEnd(now, '2026-09-30').toISOString()).toBe('2026-10-08T00:00:00.000Z');
  });
});
