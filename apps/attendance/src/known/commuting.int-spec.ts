import 'reflect-metadata';
import { heldAfter, mixed, topicByTopic } from '@plenary/testing';
import { AttendanceModule } from '../attendance.module';

const tables = {
  known_conferences: [],
  known_sub_forums: [],
  known_gates: [],
  known_registrations: [],
  known_delegations: [],
  known_seats: [],
  known_seat_counts: [],
  known_badges: [],
  known_devices: [],
  known_scans: [],
  known_stays_versions: [],
  known_stays: [],
  known_stay_counts: [],
};

describe('what other services told', () => {
  it('comes to the same in whatever order the topics are heard: each before and after each other one, and mixed', async () => {
    const forward = await heldAfter(
      'attendance',
      AttendanceModule,
      topicByTopic((topics) => topics),
      tables,
    );
    for (const [table, rows] of Object.entries(forward)) expect([table, rows.length]).not.toEqual([table, 0]);
    const backward = topicByTopic((topics) => topics.reverse());
    for (const hearing of [backward, mixed(1), mixed(2)]) {
      expect(await heldAfter('attendance', AttendanceModule, hearing, tables)).toEqual(forward);
    }
  }, 120_000);
});
