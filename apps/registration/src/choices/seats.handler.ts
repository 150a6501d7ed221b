import { Controller } from '@nestjs/common';
import { seatConfirmed, seatRefused, seatReleased, seatSnapshot, seatWaitlisted, topics } from '@plenary/contracts';
import {
  type EventContext,
  OnEventChunk,
  type OutgoingEvent,
  publishAll,
  type Received,
  rows,
} from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { type Asker, type Choice, choicesOf, release, saveChoices, settle } from './choice';

type SeatEvent =
  | typeof seatConfirmed
  | typeof seatWaitlisted
  | typeof seatReleased
  | typeof seatRefused
  | typeof seatSnapshot;

/** Takes in what the sub-forums answered, and completes swaps: the old seat is given up once the new one is confirmed. */
@Controller()
export class SeatsHandler {
  constructor(private readonly changes: Changes) {}

  @OnEventChunk(topics.seats, [seatConfirmed, seatWaitlisted, seatReleased, seatRefused, seatSnapshot])
  async outcomes(events: Received<SeatEvent>[], { tx }: EventContext): Promise<void> {
    const ids = [...new Set(events.map(({ body }) => body.registrationId))].sort();
    const askers = await rows<Asker>(
      tx,
      `SELECT id, conference_id AS "conferenceId", category FROM registrations
       WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
      [ids],
    );
    const askerOf = new Map(askers.map((asker) => [asker.id, asker]));
    const choices = await choicesOf(tx, [...askerOf.keys()]);
    const changed = new Set<Choice>();
    const releases: OutgoingEvent[] = [];
    const now = new Date();

    for (const { body } of events) {
      const asker = askerOf.get(body.registrationId);
      const own = choices.get(body.registrationId);
      if (!asker || !own) continue;
      const settled = settle(own, body);
      if (settled.swapped) {
        releases.push(...release(settled.swapped, asker, 'swapped', now));
        changed.add(settled.swapped);
      }
      for (const choice of settled.changed) changed.add(choice);
      if (settled.changed.length > 0) this.changes.touch(tx, body.registrationId);
    }
    await saveChoices(tx, [...changed]);
    await publishAll(tx, releases);
  }
}
