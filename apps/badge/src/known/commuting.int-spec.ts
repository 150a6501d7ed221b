import 'reflect-metadata';
import { heldAfter, mixed, topicByTopic } from '@plenary/testing';
import { BadgeModule } from '../badge.module';

const tables = {
  known_conferences: [],
  known_registrations: [],
  // Who has a badge, and which. Serials are drawn in the order of hearing; keys and what they sign are random.
  badges: ['serial', 'key_id', 'token_hash', 'not_before', 'since'],
  signing_keys: ['key_id', 'public_key', 'sealed_private_key', 'not_before'],
  serials: [],
};

describe('what other services told', () => {
  it('comes to the same badges in whatever order the topics are heard: each before the other, and mixed', async () => {
    const forward = await heldAfter(
      'badge',
      BadgeModule,
      topicByTopic((topics) => topics),
      tables,
    );
    for (const [table, rows] of Object.entries(forward)) expect([table, rows.length]).not.toEqual([table, 0]);
    const backward = topicByTopic((topics) => topics.reverse());
    for (const hearing of [backward, mixed(1), mixed(2)]) {
      expect(await heldAfter('badge', BadgeModule, hearing, tables)).toEqual(forward);
    }
  }, 120_000);
});
