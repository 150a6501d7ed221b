import { Controller } from '@nestjs/common';
import { subForumCancelled, subForumScheduled, subForumSnapshot, topics } from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { ensureGates, followRooms } from '../gates/automatic-gates';
import { placeKey } from '../stays/rooms';
import { latest } from './latest';

@Controller()
export class KnownSubForums {
  constructor(private readonly changes: Changes) {}

  @OnEventChunk(topics.subForums, [subForumScheduled, subForumCancelled, subForumSnapshot], {
    tables: ['known_sub_forums'],
  })
  async heard(events: Received<typeof subForumScheduled>[], { tx }: EventContext): Promise<void> {
    const subForums = latest(events).map(({ body }) => body);
    const before = await rows<{ sub_forum_id: string; room: string }>(
      tx,
      'SELECT sub_forum_id, room FROM known_sub_forums WHERE sub_forum_id = ANY($1::uuid[])',
      [subForums.map((body) => body.subForumId)],
    );
    await rows(
      tx,
      `INSERT INTO known_sub_forums (sub_forum_id, conference_id, title, room, starts_at, ends_at, admission, capacity,
         room_cap, categories, walk_in, re_entry, state, passes)
       SELECT sub_forum_id, conference_id, title, room, starts_at, ends_at, admission, capacity, room_cap,
         ARRAY(SELECT json_array_elements_text(categories)), walk_in, re_entry, state,
         ARRAY(SELECT json_array_elements_text(passes)::uuid)
       FROM json_to_recordset($1::json) AS s (sub_forum_id uuid, conference_id uuid, title jsonb, room text,
         starts_at timestamptz, ends_at timestamptz, admission text, capacity int, room_cap int, categories json,
         walk_in text, re_entry boolean, state text, passes json)
       ON CONFLICT (sub_forum_id) DO UPDATE SET title = excluded.title, room = excluded.room,
         starts_at = excluded.starts_at, ends_at = excluded.ends_at, admission = excluded.admission,
         capacity = excluded.capacity, room_cap = excluded.room_cap, categories = excluded.categories,
         walk_in = excluded.walk_in, re_entry = excluded.re_entry, state = excluded.state, passes = excluded.passes`,
      [
        JSON.stringify(
          subForums.map((body) => ({
            sub_forum_id: body.subForumId,
            conference_id: body.conferenceId,
            title: body.title,
            room: body.room,
            starts_at: body.startsAt,
            ends_at: body.endsAt,
            admission: body.admission,
            capacity: body.capacity,
            room_cap: body.roomCap,
            categories: body.categories,
            walk_in: body.walkIn,
            re_entry: body.reEntry,
            state: body.state,
            passes: [
              ...body.crew,
              ...body.sessions.flatMap(({ speakers }) => speakers.flatMap((one) => one.registrationId ?? [])),
            ],
          })),
        ),
      ],
    );
    await ensureGates(
      tx,
      subForums.map((body) => ({
        conferenceId: body.conferenceId,
        subForumId: body.subForumId,
        name: body.room,
      })),
    );
    const roomBefore = new Map(before.map((row) => [row.sub_forum_id, row.room]));
    await followRooms(
      tx,
      subForums.flatMap((body) => {
        const from = roomBefore.get(body.subForumId);
        return from === undefined || from === body.room ? [] : [{ subForumId: body.subForumId, from, to: body.room }];
      }),
    );
    for (const { subForumId } of subForums) {
      this.changes.touch(tx, `sub-forum/${subForumId}`);
      this.changes.touch(tx, placeKey(subForumId));
    }
  }
}
