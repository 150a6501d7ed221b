import type { Verdict } from '@plenary/contracts';
import { type Decision, type DoorFacts, seatElsewhere, undoableUntil, walkInPlaces } from '@plenary/door-rules';
import type { Attempt } from './attempt';
import type { KnownPerson, KnownSeat } from './people-facts';
import type { Place } from './places';
import type { Logged } from './scan-log';

const iso = (at: number) => new Date(at).toISOString();

/** What is told of a verdict besides the person. `facts.room` is as the scan left it. */
export function answerTo(
  { attempt, place }: { attempt: Attempt; place: Place },
  decision: Decision,
  facts: Pick<DoorFacts, 'room' | 'subForum'>,
  also: {
    cap: number | null;
    counts: boolean;
    firstGate: string | undefined;
    seats: readonly KnownSeat[];
    inferredExit: { subForumId: string | null; at: number } | undefined;
  },
): Omit<Verdict, 'delegate'> {
  const { first, since, status, opensAt, position } = decision;
  const elsewhere = decision.tellSeatElsewhere ? confirmedElsewhere(also.seats, place, attempt.at) : undefined;
  const places =
    facts.subForum && facts.subForum.walkIn !== 'off' && also.cap !== null
      ? walkInPlaces({ at: attempt.at, subForum: facts.subForum, room: { ...facts.room, cap: also.cap } })
      : null;
  return {
    scanId: attempt.scan.scanId,
    verdict: decision.verdict,
    ...(decision.detail ? { detail: decision.detail } : {}),
    ...(decision.reason ? { reason: decision.reason } : {}),
    replay: false,
    method: attempt.registrationId === undefined ? 'token' : 'name',
    ...(place.subForumId ? { subForum: { id: place.subForumId, title: place.title, room: place.room ?? '' } } : {}),
    ...(first ? { first: { at: iso(first.at), gate: also.firstGate ?? '' } } : {}),
    ...(since === undefined ? {} : { since: iso(since) }),
    ...(status ? { status } : {}),
    ...(opensAt === undefined ? {} : { opensAt: iso(opensAt) }),
    ...(position === undefined ? {} : { position }),
    ...(elsewhere ? { seatElsewhere: elsewhere } : {}),
    ...(places === null ? {} : { walkInPlaces: places }),
    ...(also.inferredExit
      ? { inferredExit: { subForumId: also.inferredExit.subForumId, at: iso(also.inferredExit.at) } }
      : {}),
    ...(also.counts ? { undoableUntil: iso(undoableUntil(attempt.at)) } : {}),
    room: { inside: facts.room.inside, cap: also.cap },
    decidedAt: iso(attempt.receivedAt),
  };
}

/** The first verdict again, whatever has changed. */
export function repeatOf(scan: Logged, person: KnownPerson | undefined): Verdict {
  return {
    ...withDelegate(scan.answer, person),
    replay: true,
    ...(scan.undoneAt ? { undone: true } : {}),
    ...(scan.conflictId ? { conflictId: scan.conflictId } : {}),
  };
}

/** What door staff need to see of a person: never contacts. */
export function withDelegate(answer: Omit<Verdict, 'delegate'>, person: KnownPerson | undefined): Verdict {
  if (!person) return answer;
  return {
    ...answer,
    delegate: {
      name: person.name,
      ...(person.latinName ? { latinName: person.latinName } : {}),
      ...(person.organisation ? { organisation: person.organisation } : {}),
      category: person.category,
    },
  };
}

/** The confirmed seat to name at another door. */
export function confirmedElsewhere(
  seats: readonly KnownSeat[],
  place: Pick<Place, 'subForumId'>,
  at: number,
): Verdict['seatElsewhere'] {
  const confirmed = seats.flatMap(({ state, subForumId, title, room, startsAt, endsAt }) =>
    state === 'confirmed' && subForumId !== place.subForumId && title && startsAt !== null && endsAt !== null
      ? [{ subForumId, title, room: room ?? '', startsAt, endsAt }]
      : [],
  );
  const seat = seatElsewhere(confirmed, at);
  return seat && { subForumId: seat.subForumId, title: seat.title, room: seat.room, startsAt: iso(seat.startsAt) };
}
