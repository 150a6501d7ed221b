import { Injectable } from '@nestjs/common';
import { type AnswerOf, type FoundAtGate, type InputOf, routes } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { audit, type Caller, Problem } from '@plenary/platform';
import { readPeople } from '../scans/people-facts';
import type { Place } from '../scans/places';
import { confirmedElsewhere } from '../scans/verdict-answer';
import { usableGate } from './gate-access';
import { wordsToFind } from './search.rules';

const route = routes.searchAtGate;
/** A door sees less of the list than staff do. */
const DOOR_ROWS = 10;
const STAFF_ROWS = 20;

/** Finds people by name where the badge is missing or does not read. */
@Injectable()
export class GateSearch {
  constructor(private readonly database: Database) {}

  /**
   * Those with a seat here first, then those who wait for one, then by name. Each search is audited: who found whom, not
   * what was typed. 422 `search_too_short`.
   */
  async search({ params, query }: InputOf<typeof route>, caller: Caller): Promise<AnswerOf<typeof route>> {
    const place = await usableGate(this.database, params.id, caller, route.who);
    const words = wordsToFind(query.q);
    if (!words) {
      throw new Problem(
        422,
        'search_too_short',
        'That is too little to find one person by. Type at least two hanzi, or three other letters of the name.',
      );
    }
    const limit = caller.kind === 'device' ? DOOR_ROWS : STAFF_ROWS;
    return this.database.transaction(async (tx) => {
      const ids = await find(tx, place, words, limit);
      await audit(tx, caller, {
        conferenceId: place.conferenceId,
        action: 'gate.search',
        target: { kind: 'gate', id: place.gateId },
        details: { found: ids.length, registrationIds: ids.join(' ') },
      });
      return { items: await describe(tx, place, ids), nextCursor: null };
    });
  }
}

async function find(tx: Tx, place: Place, words: readonly string[], limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    `SELECT r.registration_id AS id
     FROM known_registrations r
     LEFT JOIN known_seats s ON s.registration_id = r.registration_id AND s.sub_forum_id = $2
     WHERE r.conference_id = $1 AND NOT r.erased AND r.search LIKE ALL (search_patterns($3::text[]))
     ORDER BY CASE s.state WHEN 'confirmed' THEN 0 WHEN 'waitlisted' THEN 1 ELSE 2 END, r.search, r.registration_id
     LIMIT $4`,
    [place.conferenceId, place.subForumId, words, limit],
  );
  return found.map(({ id }) => id);
}

/** What a door needs to see of each, in the order of `ids`. */
async function describe(tx: Tx, place: Place, ids: readonly string[]): Promise<FoundAtGate[]> {
  const known = await readPeople(tx, ids, place.subForumId ? [place.subForumId] : []);
  const present = await rows<{ id: string }>(
    tx,
    `SELECT registration_id AS id FROM stays
     WHERE registration_id = ANY ($1::uuid[]) AND exited_at IS NULL AND sub_forum_id IS NOT DISTINCT FROM $2`,
    [ids, place.subForumId],
  );
  const inside = new Set(present.map(({ id }) => id));
  const now = Date.now();
  return ids.flatMap((registrationId) => {
    const person = known.people.get(registrationId);
    if (!person) return [];
    const seats = known.seats.get(registrationId) ?? [];
    const here = seats.find(({ subForumId }) => subForumId === place.subForumId);
    const seat = here?.state === 'confirmed' || here?.state === 'waitlisted' ? here.state : 'none';
    const elsewhere = seat === 'confirmed' ? undefined : confirmedElsewhere(seats, place, now);
    return {
      registrationId,
      name: person.name,
      ...(person.latinName ? { latinName: person.latinName } : {}),
      ...(person.organisation ? { organisation: person.organisation } : {}),
      category: person.category,
      status: person.status,
      seat,
      ...(seat === 'waitlisted' && here?.position ? { position: Number(here.position) } : {}),
      ...(elsewhere ? { seatElsewhere: { title: elsewhere.title, room: elsewhere.room } } : {}),
      inside: inside.has(registrationId),
      badge: known.badges.get(registrationId)?.state ?? 'none',
    };
  });
}
