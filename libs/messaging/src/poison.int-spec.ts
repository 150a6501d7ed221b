import { type TestDatabase, testDatabase } from '@plenary/testing';
import { definitionsByType, type Handler, handleChunk } from './chunk';
import { rows } from './database';
import { decode } from './incoming';
import { testContract } from './messaging.test-world';

const incompressible = (length: number) =>
  Array.from({ length }, (_, index) => ((Math.imul(index + 1, 2_654_435_761) >>> 16) & 0xffff).toString(36)).join('');

describe('a message that could not be parked as it is', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase('attendance');
  }, 20_000);
  afterAll(() => test.close());

  /** Hands over messages of one partition, to a service whose handler none of them may reach. */
  async function hear(messages: { headers: Record<string, string>; body: unknown }[]) {
    const { topic, changed } = testContract();
    const handler: Handler = {
      definitions: definitionsByType([changed]),
      chunk: false,
      tables: [],
      call: async () => {
        throw new Error('nothing of this reaches a handler');
      },
    };
    await test.database.transaction((tx) => rows(tx, 'INSERT INTO consumer_offsets VALUES ($1, 0, 0)', [topic.name]));
    const events = messages.map(({ headers, body }, index) =>
      decode(0, {
        offset: `${index}`,
        key: Buffer.from('somebody'),
        value: Buffer.from(JSON.stringify(body)),
        headers,
      }),
    );
    const spans = [{ partition: 0, from: '0', to: `${messages.length}` }];
    await handleChunk(test.database, 'attendance', [handler], { topic, spans, events });
    const [row] = await test.database.query('SELECT next_offset FROM consumer_offsets WHERE topic = $1', [topic.name]);
    expect(row).toEqual({ next_offset: `${messages.length}` });
    return test.database.query<{ subject: string; cause: string }>(
      'SELECT subject, cause FROM parked WHERE topic = $1 ORDER BY "offset"',
      [topic.name],
    );
  }

  it.each([
    ['a subject that no index holds', { ce_type: 'thing.changed.v1', ce_subject: incompressible(5_000) }, {}],
    ['a version below all numbers', { ce_type: 'thing.changed.v1', ce_subject: 'b' }, { version: -3_000_000_000 }],
    ['no type, and the key of somebody', {}, { version: 3 }],
  ])('is parked, and keeps nobody else: %s', async (_odd, headers, body) => {
    const parked = await hear([{ headers, body }]);
    expect(parked).toEqual([{ subject: expect.not.stringMatching(/^somebody$/), cause: 'unparsable' }]);
  });

  it('is passed over where nobody knows its type, whatever its version', async () => {
    const headers = { ce_type: 'thing.odd.v1', ce_subject: 'c' };
    expect(await hear([{ headers, body: { version: -3_000_000_000 } }])).toEqual([]);
  });

  it('is parked behind another, though its type fills a whole message', async () => {
    const parked = await hear([
      { headers: { ce_type: 'thing.changed.v1', ce_subject: 'd' }, body: {} },
      { headers: { ce_type: 'x'.repeat(950_000), ce_subject: 'd' }, body: {} },
    ]);
    expect(parked.map(({ cause }) => cause)).toEqual(['unparsable', 'behind_parked']);
  });
});
