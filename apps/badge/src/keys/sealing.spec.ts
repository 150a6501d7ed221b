import { randomBytes } from 'node:crypto';
import { Sealing } from './sealing';

describe('a sealed key', () => {
  const sealing = new Sealing(randomBytes(32));
  const plain = randomBytes(32);

  it('opens under its own name, sealed differently each time', () => {
    const sealed = sealing.seal(plain, 'key 1');
    expect(sealed).toHaveLength(60);
    expect(sealed.equals(sealing.seal(plain, 'key 1'))).toBe(false);
    expect(sealing.open(sealed, 'key 1').equals(plain)).toBe(true);
  });

  it('opens under no other name, under no other BADGE_KEY, and not when a bit was changed', () => {
    const sealed = sealing.seal(plain, 'key 1');
    expect(() => sealing.open(sealed, 'key 2')).toThrow('BADGE_KEY');
    expect(() => new Sealing(randomBytes(32)).open(sealed, 'key 1')).toThrow('BADGE_KEY');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => sealing.open(changed, 'key 1')).toThrow('BADGE_KEY');
    }
  });

  it('needs a BADGE_KEY of 32 bytes', () => {
    expect(() => Sealing.fromEnvironment({})).toThrow('BADGE_KEY is missing');
    expect(() => Sealing.fromEnvironment({ BADGE_KEY: 'c2hvcnQ' })).toThrow('32 bytes');
    expect(Sealing.fromEnvironment({ BADGE_KEY: randomBytes(32).toString('base64url') })).toBeInstanceOf(Sealing);
  });
});
