import { Injectable } from '@nestjs/common';
import { type InputOf, routes, scanUndone, type Verdict } from '@plenary/contracts';
import { correctedTime, undoableUntil } from '@plenary/door-rules';
import { Database, outgoing, publishAll, rows, type Tx } from '@plenary/messaging';
import { audit, authorise, type Caller, Changes, holds, Problem } from '@plenary/platform';
import { withdrawConflicts } from '../conflicts/write-conflicts';
import { lockPeople } from '../stays/ledger';
import { refold } from '../stays/refold';
import type { KnownPerson } from './people-facts';
import { readPeople } from './people-facts';
import { type Logged, readLogged, versionOf } from './scan-log';
import { repeatOf } from './verdict-answer';

/** Takes scans back. The scan stays in the log; stays and counts follow as if it had never been. */
@Injectable()
export class Undo {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** 403 `not_your_scan`, 409 `undo_too_late`; a repeat gets the same answer. */
  async undo({ params, body }: InputOf<typeof routes.undoScan>, caller: Caller): Promise<Verdict> {
    const receivedAt = Date.now();
    const undoneAt = body.undoneAt
      ? correctedTime(Date.parse(body.undoneAt), body.clockOffsetMs, receivedAt)
      : receivedAt;
    const scanId = params.scanId.toLowerCase();
    return this.database.transaction(async (tx) => {
      const scan = await this.locked(tx, scanId);
      if (!scan) throw Problem.notFound('scan');
      authorise(caller, routes.undoScan.who, { conferenceId: scan.conferenceId });
      if (!mayUndo(caller, scan)) {
        throw new Problem(403, 'not_your_scan', 'Another door made this scan. Ask there, or a supervisor.');
      }
      if (!scan.undoneAt) {
        if (undoneAt > undoableUntil(scan.correctedAt.getTime())) {
          throw new Problem(
            409,
            'undo_too_late',
            'A scan can be taken back for 15 minutes only. Ask a supervisor at the door to scan an exit or entry.',
          );
        }
        scan.undoneAt = new Date(undoneAt);
        await this.take(tx, scan, caller, receivedAt);
      }
      const { people } = await readPeople(tx, scan.registrationId ? [scan.registrationId] : [], []);
      return this.answer(tx, scan, people.get(scan.registrationId ?? ''));
    });
  }

  /** The scan, read under its person's lock; scans of nobody known are locked by their own id. */
  private async locked(tx: Tx, scanId: string): Promise<Logged | undefined> {
    const read = async () => (await readLogged((sql, given) => rows(tx, sql, given), [scanId])).get(scanId);
    const scan = await read();
    if (!scan) return undefined;
    if (scan.registrationId) {
      await lockPeople(tx, [{ registrationId: scan.registrationId, conferenceId: scan.conferenceId }]);
    } else {
      await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [scanId]);
    }
    return read();
  }

  private async take(tx: Tx, scan: Logged, caller: Caller, receivedAt: number): Promise<void> {
    const by = {
      deviceId: caller.kind === 'device' ? caller.id : null,
      staffId: caller.kind === 'staff' ? caller.id : null,
    };
    await rows(
      tx,
      'INSERT INTO scan_undos (scan_id, device_id, staff_id, undone_at, received_at) VALUES ($1, $2, $3, $4, $5)',
      [scan.scanId, by.deviceId, by.staffId, scan.undoneAt, new Date(receivedAt)],
    );
    const undone = outgoing(scanUndone, {
      version: versionOf(scan),
      scanId: scan.scanId,
      conferenceId: scan.conferenceId,
      registrationId: scan.registrationId,
      gateId: scan.gateId,
      subForumId: scan.subForumId,
      ...by,
      undoneAt: (scan.undoneAt as Date).toISOString(),
      at: new Date(receivedAt).toISOString(),
    });
    const moot = await rows<{ conflictId: string }>(
      tx,
      `SELECT conflict_id AS "conflictId" FROM conflicts
       WHERE scan_ids = ARRAY[$1::uuid] AND state = 'open' AND kind <> 'offline_double'`,
      [scan.scanId],
    );
    const withdrawn = await withdrawConflicts(
      tx,
      moot.map((conflict) => conflict.conflictId),
      receivedAt,
    );
    const followed = scan.registrationId
      ? await refold(
          tx,
          [{ registrationId: scan.registrationId, conferenceId: scan.conferenceId }],
          receivedAt,
          this.changes,
        )
      : [];
    await publishAll(tx, [undone, ...withdrawn, ...followed]);
    await audit(tx, caller, {
      conferenceId: scan.conferenceId,
      action: 'scan.undo',
      target: { kind: 'scan', id: scan.scanId },
    });
  }

  /** The first verdict, with the room as it is now. */
  private async answer(tx: Tx, scan: Logged, person: KnownPerson | undefined): Promise<Verdict> {
    const [room] = await rows<{ inside: number }>(tx, 'SELECT inside FROM room_states WHERE place_id = $1', [
      scan.subForumId ?? scan.conferenceId,
    ]);
    const verdict = repeatOf(scan, person);
    return { ...verdict, room: { ...verdict.room, inside: room?.inside ?? verdict.room.inside } };
  }
}

function mayUndo(caller: Caller, scan: Logged): boolean {
  if (caller.kind === 'device') return caller.id === scan.deviceId;
  return holds(caller, 'supervisor', { conferenceId: scan.conferenceId });
}
