import type { Topic } from '@plenary/contracts';
import { ensureTopics, readTopic } from '@plenary/messaging';
import { testDatabase } from './database';
import { testKafka } from './kafka';

/** What the tests run on is what was said they run on: seen from the servers, not from the setting. */
describe('the infrastructure of integration tests', () => {
  const used = process.env.TEST_INFRASTRUCTURE_USED;

  it('is what the setup says it used', async () => {
    expect(['given', 'local', 'containers']).toContain(used);
    const wanted = process.env.TEST_INFRASTRUCTURE || 'local';
    // Asked for containers and without an engine, the local stack stands in; never the other way round.
    if (wanted === 'local') expect(used).not.toBe('containers');
    const test = await testDatabase('attendance');
    try {
      const [server] = await test.database.query(
        `SELECT host(inet_server_addr()) AS address, inet_server_port() AS port, current_setting('server_version_num')::int AS version`,
      );
      expect(server?.version).toBeGreaterThanOrEqual(180_000);
      // A container's server listens on its own 5432, behind the published port; a local one on the port that is asked.
      const asked = Number(new URL(test.adminUrl).port);
      if (used === 'containers') {
        expect(server?.port).toBe(5432);
        expect(server?.address).not.toBe('127.0.0.1');
        expect(asked).not.toBe(5432);
      } else if (used === 'local') expect(server).toMatchObject({ address: '127.0.0.1', port: asked });
    } finally {
      await test.close();
    }
  }, 20_000);

  it('sorts text by code point, wherever it comes from', async () => {
    const test = await testDatabase('attendance');
    try {
      const sorted = await test.database.query(`SELECT t FROM unnest(ARRAY['b', 'a', 'B', 'é', '_']) AS t ORDER BY t`);
      expect(sorted.map((row) => row.t)).toEqual(['B', '_', 'a', 'b', 'é']);
    } finally {
      await test.close();
    }
  }, 20_000);

  it('has a broker on which a topic is made once and can be read', async () => {
    const { brokers, close } = await testKafka();
    const topic = { name: `infrastructure.${process.pid}.${Date.now()}`, partitions: 2 } as Topic;
    try {
      expect(await ensureTopics({ brokers, topics: [topic] })).toEqual({ created: [topic.name] });
      expect(await ensureTopics({ brokers, topics: [topic] })).toEqual({ created: [] });
      const read = [];
      for await (const one of readTopic({ brokers, topic: topic.name })) read.push(one);
      expect(read).toEqual([]);
    } finally {
      await close();
    }
  }, 20_000);
});
