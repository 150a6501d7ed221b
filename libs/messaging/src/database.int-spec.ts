import { type TestDatabase, testDatabase, until } from '@plenary/testing';
import { type Database, rows } from './database';

describe('a transaction', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await testDatabase('attendance');
    database = test.database;
  }, 20_000);
  afterAll(() => test.close());

  it('that loses a deadlock is run again, and counted', async () => {
    const holding = { one: false, other: false };
    const runs: string[] = [];
    const crossing = (name: 'one' | 'other', first: number, second: number) =>
      database.transaction(async (tx) => {
        runs.push(name);
        await rows(tx, 'SELECT pg_advisory_xact_lock($1)', [first]);
        holding[name] = true;
        await until(() => holding.one && holding.other, { what: 'both to hold their first lock' });
        await rows(tx, 'SELECT pg_advisory_xact_lock($1)', [second]);
        return name;
      });
    expect(await Promise.all([crossing('one', 1, 2), crossing('other', 2, 1)])).toEqual(['one', 'other']);
    expect(runs).toHaveLength(3);
    expect(database.stats()).toEqual({ deadlocks: 1, serialisationFailures: 0 });
  }, 20_000);
});
