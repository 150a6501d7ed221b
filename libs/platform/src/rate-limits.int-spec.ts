import { defineRoute } from '@plenary/contracts';
import { type TestDatabase, testDatabase, until } from '@plenary/testing';
import type { Caller } from './caller';
import { RateLimits } from './rate-limits';

const limit = { max: 10, perSeconds: 3600 };
const route = defineRoute({
  id: 'limited',
  service: 'badge',
  method: 'GET',
  path: '/x',
  summary: '',
  who: ['anyone'],
  limit,
});
const device = (id: string): Caller => ({ kind: 'device', id, conferenceId: 'c' });

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase('badge');
}, 30_000);
afterAll(() => db?.close());

/** How many of `calls` are let through. */
function taken(limits: RateLimits, caller: Caller, calls: number, address = '203.0.113.1'): number {
  let passed = 0;
  for (let n = 0; n < calls; n++) {
    try {
      limits.take(route, caller, address);
      passed++;
    } catch (error) {
      expect(error).toMatchObject({ status: 429, code: 'rate_limited' });
    }
  }
  return passed;
}
const stored = async () => (await db.database.query<{ count: number }>('SELECT count FROM rate_limits')).length;

describe('rate limits', () => {
  it('are shared by the replicas within a moment, per caller', async () => {
    const [one, other] = [new RateLimits(db.database, []), new RateLimits(db.database, [])];
    expect(taken(one, device('a'), 8)).toBe(8);
    await until(async () => (await stored()) === 1);
    // The first call of the other replica is on trust; then it knows the other eight.
    expect(taken(other, device('a'), 1)).toBe(1);
    await until(async () => {
      const [row] = await db.database.query<{ count: number }>('SELECT max(count) AS count FROM rate_limits');
      return row?.count === 9;
    });
    await until(() => taken(other, device('a'), 5) === 0 || undefined, { timeoutMs: 2000 });
    expect(taken(one, device('b'), 20)).toBe(limit.max);
    await one.stop();
    await other.stop();
  });

  it('count by address for strangers, hold no address, and let the allowlist through', async () => {
    const limits = new RateLimits(db.database, ['198.51.100.0/24']);
    const stranger: Caller = { kind: 'anonymous', address: '203.0.113.77' };
    expect(taken(limits, stranger, 30, '203.0.113.77')).toBe(limit.max);
    expect(taken(limits, stranger, 30, '203.0.113.78')).toBe(limit.max);
    expect(taken(limits, stranger, 30, '198.51.100.9')).toBe(30);
    await until(async () => (await stored()) >= 3);
    const buckets = await db.database.query<{ bucket: string }>('SELECT bucket FROM rate_limits');
    expect(JSON.stringify(buckets)).not.toContain('203.0.113');
    await limits.stop();
  });

  it('go on counting while the table is away, and forget windows that are over', async () => {
    const away = { query: () => Promise.reject(new Error('away')) } as never;
    const limits = new RateLimits(away, []);
    expect(taken(limits, device('c'), 30)).toBe(limit.max);
    await limits.stop();

    await db.database.query("UPDATE rate_limits SET ends_at = now() - interval '1 second'");
    await new RateLimits(db.database, []).sweep();
    expect(await stored()).toBe(0);
  });
});
