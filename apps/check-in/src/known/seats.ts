import { Controller } from '@nestjs/common';
import { seatConfirmed, seatRefused, seatReleased, seatSnapshot, seatWaitlisted, topics } from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { placeKey } from '../stays/rooms';
import { latest } from './latest';

@Controller()
export class KnownSeats {
  constructor(private readonly changes: Changes) {}

  @OnEventChunk(topics.seats, [seatConfirmed, seatWaitlisted, seatReleased, seatRefused, seatSnapshot], {
    tables: ['known_seats'],
  })
  async heard(events: Received<typeof seatConfirmed>[], { tx }: EventContext): Promise<void> {
    const seats = latest(events).map(({ body }) => body);
    await rows(
      tx,
      `INSERT INTO known_seats (registration_id, sub_forum_id, conference_id, state, place, reason, since)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[])
       ON CONFLICT (registration_id, sub_forum_id) DO UPDATE SET state = excluded.state, place = excluded.place,
         reason = excluded.reason, since = excluded.since`,
      [
        seats.map((seat) => seat.registrationId),
        seats.map((seat) => seat.subForumId),
        seats.map((seat) => seat.conferenceId),
        seats.map((seat) => seat.state),
        seats.map((seat) => seat.place),
        seats.map((seat) => seat.reason),
        seats.map((seat) => seat.at),
      ],
    );
    // Walk-in places are what holders leave free.
    for (const subForumId of new Set(seats.map((seat) => seat.subForumId)))
      this.changes.touch(tx, placeKey(subForumId));
  }
}
