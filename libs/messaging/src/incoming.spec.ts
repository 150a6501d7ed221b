import fc from 'fast-check';
import { decode } from './incoming';

const bytes = (text: string) => Buffer.from(text);
const read = (headers: Record<string, string>, value = '{}', key: string | null = 'a key') =>
  decode(3, {
    offset: '17',
    key: key === null ? null : bytes(key),
    value: bytes(value),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, bytes(text)])),
  });

describe('a message as it is read', () => {
  it('never throws, and what it says fits into the tables, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4_000 }),
        fc.uint8Array({ maxLength: 4_000 }),
        fc.dictionary(fc.string(), fc.uint8Array({ maxLength: 4_000 })),
        fc.constantFrom('ce_type', 'ce_subject', 'other'),
        (key, value, headers, name) => {
          const all = { ...headers, [name]: key };
          const {
            subject,
            version,
            type,
            headers: told,
          } = decode(0, {
            offset: '1',
            key: Buffer.from(key),
            value: Buffer.from(value),
            headers: Object.fromEntries(Object.entries(all).map(([name, one]) => [name, Buffer.from(one)])),
          });
          expect(Buffer.byteLength(subject)).toBeLessThan(2_700);
          expect(subject.length).toBeGreaterThan(0);
          expect(type.length).toBeLessThanOrEqual(500);
          for (const text of [subject, type, ...Object.values(told)]) expect(text).not.toContain('\0');
          expect(version === undefined || (version > 0 && version < 2_147_483_647)).toBe(true);
        },
      ),
    );
  });

  it('a subject too long for an index is known by its digest, the same each time', () => {
    const long = read({ ce_type: 'a.b.v1', ce_subject: 's'.repeat(10_000) }).subject;
    expect(long).toMatch(/^sha256\/[\w-]{43}$/);
    expect(read({ ce_type: 'a.b.v1', ce_subject: 's'.repeat(10_000) }).subject).toBe(long);
    expect(read({ ce_type: 'a.b.v1', ce_subject: 's'.repeat(10_001) }).subject).not.toBe(long);
  });

  it.each([-3_000_000_000, -1, 0, 1.5, 2_147_483_647, 3_000_000_000, '1', null])('%p is no version', (version) => {
    expect(read({ ce_type: 'a.b.v1' }, JSON.stringify({ version })).version).toBeUndefined();
  });

  it('an event without a subject is known by its key, or its place; what says no type, by its place alone', () => {
    expect(read({ ce_type: 'a.b.v1' }).subject).toBe('a key');
    expect(read({ ce_type: 'a.b.v1' }, '{}', null).subject).toBe('3/17');
    expect(read({ ce_subject: 'somebody' }).subject).toBe('3/17');
    expect(read({}).subject).toBe('3/17');
  });
});
