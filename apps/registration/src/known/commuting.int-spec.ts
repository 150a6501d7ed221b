import 'reflect-metadata';
import type { RegistrationState, SeatReleaseRequest, SeatRequest } from '@plenary/contracts';
import { type Database, rows } from '@plenary/messaging';
import { heldAfter, mixed, recordedDay, topicByTopic } from '@plenary/testing';
import { RegistrationModule } from '../registration.module';

const tables = { known_conferences: [], known_sub_forums: [], known_badges: [], choices: [] };

describe('what other services told', () => {
  it('comes to the same in whatever order the topics are heard: each before and after each other one, and mixed', async () => {
    const held = (hearing: typeof forward) =>
      heldAfter('registration', RegistrationModule, hearing, tables, decideAsRecorded);
    const forward = topicByTopic((topics) => topics);
    const expected = await held(forward);
    for (const [table, rows] of Object.entries(expected)) expect([table, rows.length]).not.toEqual([table, 0]);
    // The outcomes have been taken in: nobody is left waiting for an answer.
    expect(expected.choices?.filter((row) => (JSON.parse(row) as { resend_at: unknown }).resend_at !== null)).toEqual(
      [],
    );
    const backward = topicByTopic((topics) => topics.reverse());
    for (const hearing of [backward, mixed(1), mixed(2)]) expect(await held(hearing)).toEqual(expected);
  }, 120_000);
});

/** What this service itself had decided on that day: registrations, and what each last asked of each sub-forum. */
async function decideAsRecorded(database: Database): Promise<void> {
  const told = <Body>(topic: string): Body[] => {
    const latest = new Map<string, { version: number }>();
    for (const { headers, body } of recordedDay().filter((one) => one.topic === topic)) {
      const state = body as { version: number };
      const subject = headers.ce_subject as string;
      if ((latest.get(subject)?.version ?? 0) < state.version) latest.set(subject, state);
    }
    return [...latest.values()] as Body[];
  };
  await database.transaction(async (tx) => {
    for (const one of told<RegistrationState>('plenary.registrations')) {
      await rows(
        tx,
        `INSERT INTO registrations (id, conference_id, version, settings_version, status, status_before, category, locale,
           sub_forum_ids, link_generation, created_at, changed_at)
         VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, 1, $9, $10)`,
        [
          one.registrationId,
          one.conferenceId,
          one.version,
          one.status,
          one.status === 'cancelled' ? 'approved' : null,
          one.category,
          one.locale,
          one.subForumIds,
          one.createdAt,
          one.at,
        ],
      );
    }
    for (const one of told<SeatRequest | SeatReleaseRequest>('plenary.seat-requests')) {
      const release = 'reason' in one;
      await rows(
        tx,
        `INSERT INTO choices (registration_id, sub_forum_id, state, reason, asked, request_id, asked_at, resend_at,
           queue_version, seat_version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, 0)`,
        [
          one.registrationId,
          one.subForumId,
          release ? 'released' : 'pending',
          release ? one.reason : null,
          release ? 'release' : 'seat',
          one.requestId,
          one.at,
          one.version,
        ],
      );
    }
  });
}
