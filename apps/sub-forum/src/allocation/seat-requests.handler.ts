import { Controller } from '@nestjs/common';
import { seatReleaseRequested, seatRequested, topics } from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received } from '@plenary/messaging';
import type { QueueItem } from './allocate.rules';
import { Allocation } from './allocation.service';

type Request = Received<typeof seatRequested> | Received<typeof seatReleaseRequested>;

/** The queue in front of each sub-forum, taken in Kafka's order. */
@Controller()
export class SeatRequestsHandler {
  constructor(private readonly allocation: Allocation) {}

  @OnEventChunk(topics.seatRequests, [seatRequested, seatReleaseRequested])
  take(events: Request[], { tx }: EventContext): Promise<void> {
    return this.allocation.take(
      tx,
      events.map((event) => ({ subForumId: event.body.subForumId, item: toItem(event) })),
    );
  }
}

function toItem(event: Request): QueueItem {
  const { requestId, registrationId, at } = event.body;
  return event.type === 'seat.requested.v1'
    ? { kind: 'request', requestId, registrationId, category: event.body.category, at }
    : { kind: 'release', requestId, registrationId, reason: event.body.reason, at };
}
