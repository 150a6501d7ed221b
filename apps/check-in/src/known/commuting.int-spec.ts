import 'reflect-metadata';
import { heldAfter, mixed, topicByTopic } from '@plenary/testing';
import { CheckInModule } from '../check-in.module';

const tables = {
  known_conferences: [],
  known_sub_forums: [],
  known_registrations: [],
  known_seats: [],
  known_badges: [],
  known_badge_keys: [],
  known_devices: [],
  known_device_bindings: [],
  // What it makes of them: gates and rooms of what it hears of, a row for each badge.
  gates: [],
  room_states: [],
  badge_states: [],
};

describe('what other services told', () => {
  it('comes to the same in whatever order the topics are heard: each before and after each other one, and mixed', async () => {
    const forward = await heldAfter(
      'check-in',
      CheckInModule,
      topicByTopic((topics) => topics),
      tables,
    );
    for (const [table, rows] of Object.entries(forward)) expect([table, rows.length]).not.toEqual([table, 0]);
    const backward = topicByTopic((topics) => topics.reverse());
    for (const hearing of [backward, mixed(1), mixed(2)]) {
      expect(await heldAfter('check-in', CheckInModule, hearing, tables)).toEqual(forward);
    }
  }, 120_000);
});
