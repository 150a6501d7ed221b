import { Database } from '@plenary/messaging';
import { type TestDatabase, testDatabase, until } from '@plenary/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { Changes } from './changes';

let db: TestDatabase;
let second: DataSource;
let here: Changes;
let there: Changes;

beforeAll(async () => {
  db = await testDatabase('badge');
  second = await new DataSource({ type: 'postgres', url: db.url, schema: 'badge', extra: { max: 5 } }).initialize();
  here = new Changes(db.database);
  there = new Changes(new Database(second));
  here.start();
  there.start();
  await listening(2);
}, 30_000);

afterAll(async () => {
  await here?.stop();
  await there?.stop();
  await second?.destroy();
  await db?.close();
});

const asAdmin = async (sql: string) => {
  const client = new Client({ connectionString: db.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};
const listeners = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
const listening = (count: number) => until(async () => (await asAdmin(listeners)).length === count);
const touch = (key: string) => db.database.transaction(async (tx) => here.touch(tx, key));

/** Takes what a watch yields until `signal` aborts; counts. */
function counting(changes: Changes, key: string, signal: AbortSignal) {
  const seen = { count: 0, ended: Promise.resolve() };
  seen.ended = (async () => {
    for await (const _ of changes.watch(key, signal)) seen.count++;
  })();
  return seen;
}

describe('changes', () => {
  it('wake a waiter of the same process and of another, long before their poll', async () => {
    for (const changes of [here, there]) {
      let value: number | undefined;
      let checks = 0;
      const waiting = changes.waitFor('a', 5000, async () => {
        checks++;
        return value;
      });
      await until(() => checks === 1);
      value = 7;
      await touch('a');
      const since = performance.now();
      expect(await waiting).toBe(7);
      expect(performance.now() - since).toBeLessThan(200);
    }
  });

  it('give up in time, and look at least once', async () => {
    let checks = 0;
    const since = performance.now();
    const found = await there.waitFor('nothing', 300, async () => {
      checks++;
      return undefined;
    });
    expect(found).toBeUndefined();
    expect(performance.now() - since).toBeLessThan(1000);
    expect(checks).toBeGreaterThanOrEqual(2);
    expect(await there.waitFor('at once', 0, async () => 'here')).toBe('here');
  });

  it('tell nothing of what was rolled back', async () => {
    const gone = new AbortController();
    const seen = counting(here, 'r', gone.signal);
    await until(() => seen.count === 1);
    await db.database
      .transaction(async (tx) => {
        here.touch(tx, 'r');
        throw new Error('no');
      })
      .catch(() => {});
    await touch('other');
    expect(seen.count).toBe(1);
    gone.abort();
    await seen.ended;
  });

  it('reach a stream on the other replica, many at once as few, and end with its client', async () => {
    const gone = new AbortController();
    const seen = counting(there, 's', gone.signal);
    await until(() => seen.count === 1);
    await Promise.all(Array.from({ length: 50 }, () => touch('s')));
    await until(() => seen.count >= 2);
    expect(seen.count).toBeLessThan(50);
    gone.abort();
    await seen.ended;
  });

  it('go on after the listening connection was cut', async () => {
    const gone = new AbortController();
    const seen = counting(there, 'cut', gone.signal);
    await until(() => seen.count === 1);
    await asAdmin(listeners.replace('SELECT pid', 'SELECT pg_terminate_backend(pid)'));
    await until(() => seen.count >= 2, { what: 'the poll while nobody listens' });
    await listening(2);
    const before = seen.count;
    await touch('cut');
    await until(() => seen.count > before);
    gone.abort();
    await seen.ended;
  });

  it('announce more than one NOTIFY can carry', async () => {
    const gone = new AbortController();
    const seen = counting(there, 'many-999', gone.signal);
    await until(() => seen.count === 1);
    await db.database.transaction(async (tx) => {
      for (let n = 0; n < 1000; n++) here.touch(tx, `many-${n}`);
    });
    await until(() => seen.count >= 2);
    gone.abort();
    await seen.ended;
  });
});
