import { testDatabase } from './database';

describe('testDatabase', () => {
  it("has the service's schema and connects with the service's rights alone", async () => {
    const test = await testDatabase('badge');
    try {
      const [session] = await test.database.query('SELECT current_user AS role, current_schema AS schema');
      expect(session).toEqual({ role: 'plenary_badge', schema: 'badge' });
      expect(await test.database.query('SELECT * FROM outbox')).toEqual([]);
      await expect(test.database.query('CREATE TABLE mine (id int)')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await test.close();
    }
  });
});
