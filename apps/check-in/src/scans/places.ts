import type { Text } from '@plenary/contracts';
import { type DoorFacts, subForumWindow, venueWindow } from '@plenary/door-rules';
import type { Database } from '@plenary/messaging';

/** A gate with all that is behind it. */
export interface Place {
  gateId: string;
  conferenceId: string;
  subForumId: string | null;
  name: string;
  direction: 'entry' | 'exit' | 'both';
  open: boolean;
  opensBeforeMinutes: number;
  closesAfterMinutes: number;
  opensAt: string | null;
  closesAt: string | null;
  reEntry: boolean;
  categories: string[];
  timeZone: string;
  /** Categories that pass everywhere. */
  everywhere: string[];
  /** null at a gate of the venue. */
  room: string | null;
  title: Text;
  startsAt: Date;
  endsAt: Date;
  admission: 'seat' | 'open';
  cap: number | null;
  subForumCategories: string[];
  walkIn: 'off' | 'from_start' | 'always';
  subForumReEntry: boolean;
  cancelled: boolean;
  passes: string[];
  /** End of the room's previous sub-forum. */
  previousEndsAt: Date | null;
}

/** The gates of these ids, as they are set now. */
export async function placesOf(database: Database, gateIds: readonly string[]): Promise<Map<string, Place>> {
  const places = await database.query<Place>(
    `SELECT g.gate_id AS "gateId", g.conference_id AS "conferenceId", g.sub_forum_id AS "subForumId", g.name,
       g.direction, g.open, g.opens_before_minutes AS "opensBeforeMinutes",
       g.closes_after_minutes AS "closesAfterMinutes", g.opens_at AS "opensAt", g.closes_at AS "closesAt",
       g.re_entry AS "reEntry", g.categories, coalesce(c.time_zone, 'UTC') AS "timeZone",
       ARRAY(SELECT category ->> 'key' FROM jsonb_array_elements(c.categories) AS category
             WHERE category ->> 'admits' = 'everywhere') AS everywhere,
       s.room, s.title, s.starts_at AS "startsAt", s.ends_at AS "endsAt", s.admission,
       coalesce(s.room_cap, s.capacity) AS cap, s.categories AS "subForumCategories", s.walk_in AS "walkIn",
       s.re_entry AS "subForumReEntry", s.state = 'cancelled' AS cancelled, s.passes,
       (SELECT max(p.ends_at) FROM known_sub_forums p
        WHERE p.conference_id = s.conference_id AND p.room = s.room AND p.ends_at <= s.starts_at
          AND p.state <> 'cancelled' AND p.sub_forum_id <> s.sub_forum_id) AS "previousEndsAt"
     FROM gates g
     LEFT JOIN known_conferences c ON c.conference_id = g.conference_id
     LEFT JOIN known_sub_forums s ON s.sub_forum_id = g.sub_forum_id
     WHERE g.gate_id = ANY($1::uuid[])`,
    [[...new Set(gateIds)]],
  );
  return new Map(places.map((place) => [place.gateId, place]));
}

/** Under which id the counts of a place stand. */
export function placeIdOf(place: Pick<Place, 'conferenceId' | 'subForumId'>): string {
  return place.subForumId ?? place.conferenceId;
}

/** What the rules ask of a gate at that time. */
export function gateFacts(place: Place, at: number): Pick<DoorFacts, 'gate' | 'subForum'> {
  const isVenue = place.subForumId === null;
  return {
    gate: {
      open: place.open,
      direction: place.direction,
      categories: place.categories,
      reEntry: place.reEntry,
      window: isVenue
        ? venueWindow(place, at, place.timeZone)
        : subForumWindow(
            place,
            { startsAt: place.startsAt.getTime(), endsAt: place.endsAt.getTime() },
            place.previousEndsAt?.getTime() ?? null,
          ),
    },
    subForum: isVenue
      ? null
      : {
          cancelled: place.cancelled,
          admission: place.admission,
          categories: place.subForumCategories,
          walkIn: place.walkIn,
          reEntry: place.subForumReEntry,
          startsAt: place.startsAt.getTime(),
        },
  };
}

/** Admitted without a seat: a category that passes everywhere, a speaker or crew member of this sub-forum. */
export function passes(place: Place, registrationId: string, category: string): boolean {
  return place.everywhere.includes(category) || (place.passes ?? []).includes(registrationId);
}
