import { hashPassword, isOutdated, verifyPassword } from './passwords';

describe('passwords', () => {
  it('are kept as Argon2id with the parameters of OWASP, each with its own salt', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(isOutdated(one as string)).toBe(false);
  });

  it('are told apart, whatever way their accents are written', async () => {
    const stored = await hashPassword('caf\u00e9 au lait');
    await expect(verifyPassword(stored, 'cafe\u0301 au lait')).resolves.toBe(true);
    await expect(verifyPassword(stored, 'cafe au lait')).resolves.toBe(false);
  });

  it('are read with the parameters they were hashed with, and those are then found outdated', async () => {
    // The test vector of the reference implementation (phc-winner-argon2, test.c): "password", "somesalt", 64 MiB, 2 passes.
    const weak = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    await expect(verifyPassword(weak, 'password')).resolves.toBe(true);
    expect(isOutdated(weak)).toBe(true);
  });

  it('take the same work where there is none: no account answers sooner', async () => {
    const stored = await hashPassword('correct horse');
    const time = async (value: string | null) => {
      const start = performance.now();
      await expect(verifyPassword(value, 'wrong horse')).resolves.toBe(false);
      return performance.now() - start;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      known.push(await time(stored));
      unknown.push(await time(null));
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2);
    await expect(verifyPassword('rubbish', 'wrong horse')).resolves.toBe(false);
  });
});
