import { z } from 'zod';
import { id, instant, page, pageQuery, problem, slug, text, version } from './common';
import { defineEvent } from './event';
import { direction } from './gates';
import { registrationStatus } from './registrations';
import { defineRoute } from './route';
import { topics } from './topics';

export const verdictWord = z.enum(['admitted', 'exited', 'refused']);
export const verdictDetail = z.enum(['first', 're_entry', 'walk_in', 'pass', 'override', 'normal', 'not_inside']);
/** In the order in which the door looks: the nearest fixable one is told. */
export const refusal = z.enum([
  'invalid_badge',
  'wrong_conference',
  'unknown_badge',
  'superseded',
  'revoked',
  'cancelled',
  'not_approved',
  'gate_closed',
  'too_early',
  'too_late',
  'category',
  'waitlisted',
  'no_seat',
  'already_inside',
  'already_admitted',
  'room_full',
]);
/** What the door showed and did, before or without the server's answer. */
export const acted = z.enum(['admitted', 'exited', 'refused', 'undecided']);
export const scanMethod = z.enum(['token', 'name']);

export const scan = z
  .strictObject({
    /** Made by the device; the same id again gets the same verdict. */
    scanId: id,
    gateId: id,
    direction,
    /** The QR's text as read; any rubbish up to this size is judged, not refused. */
    token: z.string().max(16_384).optional(),
    registrationId: id.optional(),
    scannedAt: instant,
    /** Server time minus device time, as the device measured it. */
    clockOffsetMs: z.int().min(-31_622_400_000).max(31_622_400_000).optional(),
    acted: acted.optional(),
  })
  .refine((value) => (value.token === undefined) !== (value.registrationId === undefined), {
    message: 'one of token and registrationId is needed',
  });
export type Scan = z.output<typeof scan>;

export const verdict = z.object({
  scanId: id,
  verdict: verdictWord,
  detail: verdictDetail.optional(),
  reason: refusal.optional(),
  /** This scan id was judged before; the first verdict is repeated. */
  replay: z.boolean(),
  undone: z.boolean().optional(),
  method: scanMethod,
  delegate: z
    .object({
      name: z.string(),
      latinName: z.string().optional(),
      organisation: z.string().optional(),
      category: z.string(),
    })
    .optional(),
  subForum: z.object({ id, title: text(400), room: z.string() }).optional(),
  first: z.object({ at: instant, gate: z.string() }).optional(),
  since: instant.optional(),
  status: registrationStatus.optional(),
  opensAt: instant.optional(),
  position: z.int().optional(),
  seatElsewhere: z.object({ subForumId: id, title: text(400), room: z.string(), startsAt: instant }).optional(),
  walkInPlaces: z.int().optional(),
  /** The sub-forum whose stay this entry ended. */
  inferredExit: z.object({ subForumId: id.nullable(), at: instant }).optional(),
  conflictId: id.optional(),
  undoableUntil: instant.optional(),
  room: z.object({ inside: z.int(), cap: z.int().nullable() }),
  decidedAt: instant,
});
export type Verdict = z.output<typeof verdict>;

export const conflictKind = z.enum(['offline_double', 'offline_refused_by_rules', 'shown_differs', 'room_overfull']);
export const conflictState = z.enum(['open', 'resolved', 'withdrawn']);
const conflictScan = z.object({
  scanId: id,
  gateId: id,
  deviceId: id.nullable(),
  direction,
  correctedAt: instant,
  scannedAt: instant,
  clockOffsetMs: z.int().nullable(),
  verdict: verdictWord,
  reason: refusal.optional(),
  acted: acted.optional(),
});
export const conflict = z.object({
  id,
  conferenceId: id,
  kind: conflictKind,
  state: conflictState,
  registrationId: id.nullable(),
  subForumId: id.nullable(),
  scans: z.array(conflictScan).min(1).max(2),
  foundAt: instant,
});
export type Conflict = z.output<typeof conflict>;

const scanRecord = z.object({
  version,
  scanId: id,
  conferenceId: id,
  /** null where the badge is not known. */
  registrationId: id.nullable(),
  gateId: id,
  subForumId: id.nullable(),
  deviceId: id.nullable(),
  staffId: id.nullable(),
  direction,
  method: scanMethod,
  correctedAt: instant,
  receivedAt: instant,
  /** The server's own opinion. */
  verdict: verdictWord,
  detail: verdictDetail.nullable(),
  reason: refusal.nullable(),
  /** What the door did, where it told. */
  acted: acted.nullable(),
  /** What counts for stays: the act where there was one, else the verdict. */
  outcome: z.enum(['admitted', 'exited', 'none']),
  conflictId: id.nullable(),
});
export type ScanRecord = z.output<typeof scanRecord>;

export const stay = z.object({
  level: z.enum(['venue', 'room']),
  subForumId: id.nullable(),
  /** The scan that opened it. */
  scanId: id,
  gateId: id,
  enteredAt: instant,
  detail: verdictDetail.nullable(),
  exitedAt: instant.nullable(),
  /** `inferred`: ended by an entry elsewhere, the end of the sub-forum, or midnight at the venue. */
  exit: z.enum(['scan', 'inferred']).nullable(),
});
export type Stay = z.output<typeof stay>;
const staysOfPerson = z.object({
  version,
  registrationId: id,
  conferenceId: id,
  stays: z.array(stay),
  at: instant,
});
export type StaysOfPerson = z.output<typeof staysOfPerson>;

const ofPerson = (body: { registrationId: string | null; scanId: string }) => body.registrationId ?? body.scanId;
const topic = topics.checkIns;
const scanKey = { topic, key: ofPerson, subject: (body: { scanId: string }) => body.scanId } as const;
export const scanRecorded = defineEvent({ type: 'scan.recorded.v1', body: scanRecord, ...scanKey });
export const scanUndone = defineEvent({
  type: 'scan.undone.v1',
  body: z.object({
    version,
    scanId: id,
    conferenceId: id,
    registrationId: id.nullable(),
    gateId: id,
    subForumId: id.nullable(),
    deviceId: id.nullable(),
    staffId: id.nullable(),
    undoneAt: instant,
    at: instant,
  }),
  ...scanKey,
});
/** A resync of the ledger: the record, and whether it was undone; version 1 or 2. */
export const scanSnapshot = defineEvent({
  type: 'scan.snapshot.v1',
  body: scanRecord.extend({ undoneAt: instant.nullable() }),
  ...scanKey,
});
const staysKey = {
  topic,
  body: staysOfPerson,
  key: (body: { registrationId: string }) => body.registrationId,
  subject: (body: { registrationId: string }) => body.registrationId,
} as const;
export const staysChanged = defineEvent({ type: 'stays.changed.v1', ...staysKey });
export const staysSnapshot = defineEvent({ type: 'stays.snapshot.v1', ...staysKey });
const conflictKey = {
  topic,
  body: conflict.omit({ id: true }).extend({ version, conflictId: id, at: instant }),
  key: (body: { registrationId: string | null; conflictId: string }) => body.registrationId ?? body.conflictId,
  subject: (body: { conflictId: string }) => body.conflictId,
} as const;
export const conflictFound = defineEvent({ type: 'conflict.found.v1', ...conflictKey });
export const conflictResolved = defineEvent({ type: 'conflict.resolved.v1', ...conflictKey });
export const conflictSnapshot = defineEvent({ type: 'conflict.snapshot.v1', ...conflictKey });

const service = 'check-in';
const who = ['door', 'desk', 'supervisor'] as const;

export const scanRoutes = {
  postScan: defineRoute({
    id: 'postScan',
    service,
    method: 'POST',
    path: '/scans',
    status: 200,
    who,
    summary:
      'Judges a badge at a gate. 200 with a verdict whenever it could decide; the status speaks only of the request.',
    limit: { max: 600, perSeconds: 60 },
    body: scan,
    answer: verdict,
  }),
  postScanBatch: defineRoute({
    id: 'postScanBatch',
    service,
    method: 'POST',
    path: '/scans/batch',
    status: 200,
    who,
    summary: 'Uploads scans that were acted on offline. Answers one by one, in order; a bad one blocks nothing.',
    limit: { max: 60, perSeconds: 60 },
    bodyLimit: 4 * 1024 * 1024,
    // Each element is judged by itself: a malformed one gets its own problem.
    body: z.strictObject({ scans: z.array(z.unknown()).min(1).max(500) }),
    answer: z.object({ results: z.array(z.union([verdict, problem])) }),
  }),
  undoScan: defineRoute({
    id: 'undoScan',
    service,
    method: 'POST',
    path: '/scans/{scanId}/undo',
    status: 200,
    who: ['door', 'supervisor'],
    summary: 'Takes a scan back, within 15 minutes; it stays in the log.',
    body: z.strictObject({
      undoneAt: instant.optional(),
      clockOffsetMs: z.int().min(-31_622_400_000).max(31_622_400_000).optional(),
    }),
    answer: verdict,
  }),
  listConflicts: defineRoute({
    id: 'listConflicts',
    service,
    method: 'GET',
    path: '/conferences/{slug}/conflicts',
    params: { slug },
    summary: 'Admissions that contradict each other, newest first.',
    who: ['organiser', 'supervisor'],
    query: z.strictObject({ ...pageQuery, state: conflictState.optional() }),
    answer: page(conflict),
  }),
};
