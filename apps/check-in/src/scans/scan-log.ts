import { type ScanRecord, scanRecorded, type Verdict } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type Tx } from '@plenary/messaging';

/** A scan as the log keeps it. */
export interface LogEntry {
  scanId: string;
  conferenceId: string;
  registrationId: string | null;
  gateId: string;
  subForumId: string | null;
  deviceId: string | null;
  staffId: string | null;
  direction: ScanRecord['direction'];
  method: ScanRecord['method'];
  scannedAt: Date;
  clockOffsetMs: number | null;
  receivedAt: Date;
  correctedAt: Date;
  verdict: ScanRecord['verdict'];
  detail: ScanRecord['detail'];
  reason: ScanRecord['reason'];
  acted: ScanRecord['acted'];
  outcome: ScanRecord['outcome'];
  conflictId: string | null;
  requestHash: string;
  /** The answer as given, without what is known of the person. */
  answer: Omit<Verdict, 'delegate'>;
}
/** The same, with what came after it. */
export interface Logged extends LogEntry {
  /** Told later than the scan. */
  lateAct: boolean;
  undoneAt: Date | null;
}

const columns = `l.scan_id AS "scanId", l.conference_id AS "conferenceId", l.registration_id AS "registrationId",
  l.gate_id AS "gateId", l.sub_forum_id AS "subForumId", l.device_id AS "deviceId", l.staff_id AS "staffId",
  l.direction, l.method, l.scanned_at AS "scannedAt", l.clock_offset_ms AS "clockOffsetMs",
  l.received_at AS "receivedAt", l.corrected_at AS "correctedAt", l.verdict, l.detail, l.reason,
  coalesce(a.acted, l.acted) AS acted, coalesce(a.outcome, l.outcome) AS outcome,
  coalesce(a.conflict_id, l.conflict_id) AS "conflictId", l.request_hash AS "requestHash", l.answer,
  a.scan_id IS NOT NULL AS "lateAct", u.undone_at AS "undoneAt"`;
export const loggedScans = `SELECT ${columns} FROM scan_log l
  LEFT JOIN scan_acts a USING (scan_id) LEFT JOIN scan_undos u USING (scan_id)`;

/** Scans of these ids that were judged before. */
export async function readLogged(
  query: <Row>(sql: string, parameters: unknown[]) => Promise<Row[]>,
  scanIds: readonly string[],
): Promise<Map<string, Logged>> {
  const found = await query<Logged>(`${loggedScans} WHERE l.scan_id = ANY($1::uuid[])`, [scanIds]);
  return new Map(found.map((row) => [row.scanId, loggedOf(row)]));
}

/** bigint comes as text. */
export function loggedOf(row: Logged): Logged {
  return { ...row, clockOffsetMs: row.clockOffsetMs === null ? null : Number(row.clockOffsetMs) };
}

/** Version of the scan's subject: the record, then what the door told late, then the undo. */
export function versionOf(scan: Pick<Logged, 'lateAct' | 'undoneAt'>): number {
  return 1 + (scan.lateAct ? 1 : 0) + (scan.undoneAt ? 1 : 0);
}

/** A scan of the same id was written meanwhile: all is to be done again, and will find it. */
export class ScanIdTaken extends Error {}

/** Appends to the log, in order of id. Throws `ScanIdTaken` where an id stands there already. */
export async function appendToLog(tx: Tx, entries: readonly LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const sorted = entries.toSorted((a, b) => (a.scanId < b.scanId ? -1 : 1));
  const written = await rows(
    tx,
    `INSERT INTO scan_log (scan_id, conference_id, registration_id, gate_id, sub_forum_id, device_id, staff_id,
       direction, method, scanned_at, clock_offset_ms, received_at, corrected_at, verdict, detail, reason, acted,
       outcome, conflict_id, request_hash, answer)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
       $8::text[], $9::text[], $10::timestamptz[], $11::bigint[], $12::timestamptz[], $13::timestamptz[], $14::text[],
       $15::text[], $16::text[], $17::text[], $18::text[], $19::uuid[], $20::text[], $21::jsonb[])
     ON CONFLICT (scan_id) DO NOTHING RETURNING 1`,
    [
      sorted.map((entry) => entry.scanId),
      sorted.map((entry) => entry.conferenceId),
      sorted.map((entry) => entry.registrationId),
      sorted.map((entry) => entry.gateId),
      sorted.map((entry) => entry.subForumId),
      sorted.map((entry) => entry.deviceId),
      sorted.map((entry) => entry.staffId),
      sorted.map((entry) => entry.direction),
      sorted.map((entry) => entry.method),
      sorted.map((entry) => entry.scannedAt),
      sorted.map((entry) => entry.clockOffsetMs),
      sorted.map((entry) => entry.receivedAt),
      sorted.map((entry) => entry.correctedAt),
      sorted.map((entry) => entry.verdict),
      sorted.map((entry) => entry.detail),
      sorted.map((entry) => entry.reason),
      sorted.map((entry) => entry.acted),
      sorted.map((entry) => entry.outcome),
      sorted.map((entry) => entry.conflictId),
      sorted.map((entry) => entry.requestHash),
      sorted.map((entry) => JSON.stringify(entry.answer)),
    ],
  );
  if (written.length < entries.length) throw new ScanIdTaken();
}

/** Notes what a door did where it told so after its scan was judged. */
export async function appendActs(tx: Tx, scans: readonly Logged[], now: number): Promise<void> {
  if (scans.length === 0) return;
  await rows(
    tx,
    `INSERT INTO scan_acts (scan_id, acted, outcome, conflict_id, received_at)
     SELECT *, $5::timestamptz FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[])`,
    [
      scans.map((scan) => scan.scanId),
      scans.map((scan) => scan.acted),
      scans.map((scan) => scan.outcome),
      scans.map((scan) => scan.conflictId),
      new Date(now),
    ],
  );
}

export function recordOf(entry: LogEntry, version: number): ScanRecord {
  return {
    version,
    scanId: entry.scanId,
    conferenceId: entry.conferenceId,
    registrationId: entry.registrationId,
    gateId: entry.gateId,
    subForumId: entry.subForumId,
    deviceId: entry.deviceId,
    staffId: entry.staffId,
    direction: entry.direction,
    method: entry.method,
    correctedAt: entry.correctedAt.toISOString(),
    receivedAt: entry.receivedAt.toISOString(),
    verdict: entry.verdict,
    detail: entry.detail,
    reason: entry.reason,
    acted: entry.acted,
    outcome: entry.outcome,
    conflictId: entry.conflictId,
  };
}

export function tellRecorded(entry: LogEntry, version = 1): OutgoingEvent {
  return outgoing(scanRecorded, recordOf(entry, version));
}
