import { isInfrastructureFailure } from '@plenary/messaging';
import { testDatabase, until } from '@plenary/testing';
import { Client, Pool } from 'pg';
import { PreparingClient } from './preparing-client';

describe('a connection that prepares', () => {
  let db: Awaited<ReturnType<typeof testDatabase>>;
  let pool: Pool;
  beforeAll(async () => {
    db = await testDatabase('badge');
    pool = new Pool({ connectionString: db.adminUrl, Client: PreparingClient, max: 1 } as ConstructorParameters<
      typeof Pool
    >[0]);
    await pool.query('CREATE TABLE things (id int, name text)');
    await pool.query("INSERT INTO things VALUES (1, 'one')");
  });
  afterAll(async () => {
    await pool.end();
    await db.close();
  });

  it('prepares each statement with parameters once, and no other', async () => {
    for (const id of [1, 2, 1]) await pool.query('SELECT name FROM things WHERE id = $1', [id]);
    await pool.query('SELECT name FROM things');
    const { rows } = await pool.query(
      "SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT name%'",
    );
    expect(rows).toEqual([{ statement: 'SELECT name FROM things WHERE id = $1' }]);
  });

  it("is replaced when a migration changes what a statement answers; the failure counts as the infrastructure's", async () => {
    const ask = () => pool.query('SELECT * FROM things WHERE id = $1', [1]);
    expect((await ask()).rows).toEqual([{ id: 1, name: 'one' }]);
    const migration = new Client({ connectionString: db.adminUrl });
    await migration.connect();
    await migration.query('ALTER TABLE things ADD COLUMN colour text');
    await migration.end();
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(isInfrastructureFailure(error)).toBe(true);
    expect(await until(async () => (await ask()).rows)).toEqual([{ id: 1, name: 'one', colour: null }]);
  });
});
