import { type Conflict, conflictFound, conflictResolved } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type Tx } from '@plenary/messaging';
import type { FoundConflict } from './conflict.rules';

export interface ConflictRow {
  conflictId: string;
  conferenceId: string;
  kind: Conflict['kind'];
  state: Conflict['state'];
  registrationId: string | null;
  subForumId: string | null;
  scanIds: string[];
  foundAt: Date;
  version: number;
}
export const conflictColumns = `conflict_id AS "conflictId", conference_id AS "conferenceId", kind, state,
  registration_id AS "registrationId", sub_forum_id AS "subForumId", scan_ids AS "scanIds", found_at AS "foundAt", version`;

/** Opens what was found, after its scans stand in the log. Answers the events that tell it. */
export async function openConflicts(tx: Tx, found: readonly FoundConflict[], now: number): Promise<OutgoingEvent[]> {
  if (found.length === 0) return [];
  const opened = await rows<ConflictRow>(
    tx,
    `INSERT INTO conflicts AS known (conflict_id, conference_id, kind, state, registration_id, sub_forum_id, scan_ids,
       found_at, version)
     SELECT conflict_id, conference_id, kind, 'open', registration_id, sub_forum_id,
       ARRAY(SELECT json_array_elements_text(scan_ids)::uuid), $2::timestamptz, version
     FROM json_to_recordset($1::json) AS c (conflict_id uuid, conference_id uuid, kind text, registration_id uuid,
       sub_forum_id uuid, scan_ids json, version int)
     ON CONFLICT (kind, scan_ids) DO UPDATE SET state = 'open', version = excluded.version
       WHERE known.state = 'withdrawn'
     RETURNING ${conflictColumns}`,
    [
      JSON.stringify(
        found.map((one) => ({
          conflict_id: one.conflictId,
          conference_id: one.conferenceId,
          kind: one.kind,
          registration_id: one.registrationId,
          sub_forum_id: one.subForumId,
          scan_ids: one.scanIds,
          version: one.version ?? 1,
        })),
      ),
      new Date(now),
    ],
  );
  return tell(tx, opened, conflictFound, now);
}

/** Withdraws conflicts that are explained now. */
export async function withdrawConflicts(tx: Tx, conflictIds: readonly string[], now: number): Promise<OutgoingEvent[]> {
  if (conflictIds.length === 0) return [];
  const withdrawn = await rows<ConflictRow>(
    tx,
    `UPDATE conflicts SET state = 'withdrawn', version = version + 1
     WHERE conflict_id = ANY($1::uuid[]) AND state = 'open' RETURNING ${conflictColumns}`,
    [conflictIds],
  );
  return tell(tx, withdrawn, conflictResolved, now);
}

async function tell(
  tx: Tx,
  conflicts: readonly ConflictRow[],
  event: typeof conflictFound | typeof conflictResolved,
  now: number,
): Promise<OutgoingEvent[]> {
  const bodies = await describeConflicts((sql, parameters) => rows(tx, sql, parameters), conflicts);
  return bodies.map(({ id, ...body }, index) =>
    outgoing(event as typeof conflictFound, {
      ...body,
      conflictId: id,
      version: conflicts[index]?.version ?? 1,
      at: new Date(now).toISOString(),
    }),
  );
}

interface ConflictScanRow {
  scanId: string;
  gateId: string;
  deviceId: string | null;
  direction: 'entry' | 'exit';
  correctedAt: Date;
  scannedAt: Date;
  clockOffsetMs: string | null;
  verdict: Conflict['scans'][number]['verdict'];
  reason: Conflict['scans'][number]['reason'] | null;
  acted: Conflict['scans'][number]['acted'] | null;
}

/** Conflicts with their scans, in the given order. */
export async function describeConflicts(
  query: <Row>(sql: string, parameters: unknown[]) => Promise<Row[]>,
  conflicts: readonly ConflictRow[],
): Promise<Conflict[]> {
  if (conflicts.length === 0) return [];
  const scans = await query<ConflictScanRow>(
    `SELECT l.scan_id AS "scanId", l.gate_id AS "gateId", l.device_id AS "deviceId", l.direction,
       l.corrected_at AS "correctedAt", l.scanned_at AS "scannedAt", l.clock_offset_ms AS "clockOffsetMs", l.verdict,
       l.reason, coalesce(a.acted, l.acted) AS acted
     FROM scan_log l LEFT JOIN scan_acts a USING (scan_id) WHERE l.scan_id = ANY($1::uuid[])`,
    [[...new Set(conflicts.flatMap((conflict) => conflict.scanIds))]],
  );
  const scanOf = new Map(scans.map((row) => [row.scanId, conflictScan(row)]));
  return conflicts.map((conflict) => ({
    id: conflict.conflictId,
    conferenceId: conflict.conferenceId,
    kind: conflict.kind,
    state: conflict.state,
    registrationId: conflict.registrationId,
    subForumId: conflict.subForumId,
    scans: conflict.scanIds.flatMap((scanId) => scanOf.get(scanId) ?? []),
    foundAt: conflict.foundAt.toISOString(),
  }));
}

function conflictScan(row: ConflictScanRow): Conflict['scans'][number] {
  return {
    scanId: row.scanId,
    gateId: row.gateId,
    deviceId: row.deviceId,
    direction: row.direction,
    correctedAt: row.correctedAt.toISOString(),
    scannedAt: row.scannedAt.toISOString(),
    clockOffsetMs: row.clockOffsetMs === null ? null : Number(row.clockOffsetMs),
    verdict: row.verdict,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.acted === null ? {} : { acted: row.acted }),
  };
}
