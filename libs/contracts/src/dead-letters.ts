import { z } from 'zod';
import { id, instant, version } from './common';
import { defineEvent } from './event';
import { topics } from './topics';

/** A notice that a consumer set an event aside; the event itself stays in the consumer's own table. */
export const eventParked = defineEvent({
  type: 'event.parked.v1',
  topic: topics.deadLetters,
  body: z.object({
    version,
    noticeId: id,
    /** The service that parked it. */
    service: z.string(),
    sourceTopic: z.string(),
    sourcePartition: z.int(),
    /** Kafka offset, as text: it is a 64-bit number. */
    sourceOffset: z.string(),
    subject: z.string(),
    eventType: z.string(),
    cause: z.enum(['unparsable', 'handler_failed', 'version_gap', 'behind_parked']),
    tries: z.int(),
    /** Error class or code only: messages may hold personal data. */
    error: z.string(),
    at: instant,
  }),
  key: (body) => body.subject,
  subject: (body) => body.noticeId,
});

/** Asks the owner of `topic` to publish snapshots: of one subject, or (null) of all. */
export const resyncRequested = defineEvent({
  type: 'resync.requested.v1',
  topic: topics.deadLetters,
  body: z.object({
    version,
    requestId: id,
    topic: z.string(),
    subject: z.string().nullable(),
    /** Who asks: a service, or `operator`. */
    requestedBy: z.string(),
    at: instant,
  }),
  key: (body) => body.subject ?? body.topic,
  subject: (body) => body.requestId,
});

/** Asks a service to hand over what it has parked: of one subject, or (null) of all. */
export const replayRequested = defineEvent({
  type: 'replay.requested.v1',
  topic: topics.deadLetters,
  body: z.object({
    version,
    requestId: id,
    service: z.string(),
    subject: z.string().nullable(),
    /** Who asks: a service, or `operator`. */
    requestedBy: z.string(),
    at: instant,
  }),
  key: (body) => body.subject ?? body.service,
  subject: (body) => body.requestId,
});

/** Asks a service to empty what it knows of a topic, or (null) of all, and to have it told anew by the owners. */
export const rebuildRequested = defineEvent({
  type: 'rebuild.requested.v1',
  topic: topics.deadLetters,
  body: z.object({
    version,
    requestId: id,
    service: z.string(),
    topic: z.string().nullable(),
    /** Who asks: a service, or `operator`. */
    requestedBy: z.string(),
    at: instant,
  }),
  key: (body) => body.service,
  subject: (body) => body.requestId,
});
