import { Controller } from '@nestjs/common';
import {
  deviceChanged,
  deviceEnrolled,
  deviceRevoked,
  deviceSnapshot,
  scanRecorded,
  scanSnapshot,
  scanUndone,
  staysChanged,
  staysSnapshot,
  topics,
} from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { latest, PictureVersions, recordset } from './picture-versions';
import { counted } from './stays.rules';

type StaysTold = Received<typeof staysChanged | typeof staysSnapshot>;
type ScanTold = Received<typeof scanRecorded | typeof scanUndone | typeof scanSnapshot>;
type DeviceTold = Received<typeof deviceEnrolled | typeof deviceChanged | typeof deviceRevoked | typeof deviceSnapshot>;

/** Scans, stays and the devices that make them. */
@Controller()
export class DoorEvents {
  constructor(private readonly versions: PictureVersions) {}

  @OnEventChunk(topics.checkIns, [staysChanged, staysSnapshot, scanRecorded, scanUndone, scanSnapshot], {
    tables: ['known_scans', 'known_stays_versions', 'known_stays', 'known_stay_counts'],
  })
  async checkIns(events: (StaysTold | ScanTold)[], context: EventContext) {
    await this.stays(latest(events.filter(isOfStays)), context);
    await this.scans(
      events.filter((event): event is ScanTold => !isOfStays(event)),
      context,
    );
    await this.versions.raise(context, events);
  }

  @OnEventChunk(topics.access, [deviceEnrolled, deviceChanged, deviceRevoked, deviceSnapshot], {
    tables: ['known_devices'],
  })
  async devices(events: DeviceTold[], context: EventContext) {
    await rows(
      context.tx,
      `INSERT INTO known_devices AS known (device_id, version, conference_id, name, state)
       SELECT "deviceId", version, "conferenceId", name, state
       FROM json_to_recordset($1) AS told ("deviceId" uuid, version int, "conferenceId" uuid, name text, state text)
       ON CONFLICT (device_id) DO UPDATE SET version = excluded.version, name = excluded.name, state = excluded.state
       WHERE known.version < excluded.version`,
      [recordset(latest(events))],
    );
  }

  /** Each event tells a person's whole list, so the list is replaced. */
  private async stays(events: StaysTold[], { tx }: EventContext): Promise<void> {
    if (events.length === 0) return;
    const newer = await rows<{ registration_id: string }>(
      tx,
      `INSERT INTO known_stays_versions AS known (registration_id, version)
       SELECT "registrationId", version FROM json_to_recordset($1) AS told ("registrationId" uuid, version int)
       ON CONFLICT (registration_id) DO UPDATE SET version = excluded.version WHERE known.version < excluded.version
       RETURNING registration_id`,
      [recordset(events)],
    );
    const ids = new Set(newer.map(({ registration_id }) => registration_id));
    const stays = events
      .filter(({ body }) => ids.has(body.registrationId))
      .flatMap(({ body: { registrationId, conferenceId, stays } }) =>
        counted(stays).map((stay, position) => ({ registrationId, conferenceId, position, ...stay })),
      );
    const partition = events[0]?.partition;
    await rows(
      tx,
      `WITH stays AS (DELETE FROM known_stays WHERE registration_id = ANY($1) RETURNING *) ${countingStays('-1')}`,
      [[...ids], partition],
    );
    await rows(
      tx,
      `WITH stays AS (
         INSERT INTO known_stays (registration_id, position, conference_id, sub_forum_id, entered_at, exited_at,
           first_here, first_ever, first_walk_in, from_outside, now_inside)
         SELECT "registrationId", position, "conferenceId", "subForumId", "enteredAt", "exitedAt", "firstHere",
                "firstEver", "firstWalkIn", "fromOutside", "nowInside"
         FROM json_to_recordset($1) AS told ("registrationId" uuid, position int, "conferenceId" uuid,
                "subForumId" uuid, "enteredAt" timestamptz, "exitedAt" timestamptz, "firstHere" boolean,
                "firstEver" boolean, "firstWalkIn" boolean, "fromOutside" boolean, "nowInside" boolean)
         RETURNING *
       ) ${countingStays('1')}`,
      [JSON.stringify(stays), partition],
    );
  }

  /** A record never changes, and an undo is final: each fills in what only it knows. */
  private async scans(events: ScanTold[], { tx }: EventContext): Promise<void> {
    const recorded = events.filter((event) => event.type !== scanUndone.type);
    const undone = events.filter((event) => 'undoneAt' in event.body && event.body.undoneAt !== null);
    if (recorded.length > 0) {
      await rows(
        tx,
        `INSERT INTO known_scans (scan_id, conference_id, registration_id, gate_id, sub_forum_id, device_id, corrected_at,
           verdict, detail, reason, outcome)
         SELECT "scanId", "conferenceId", "registrationId", "gateId", "subForumId", "deviceId", "correctedAt", verdict,
                detail, reason, outcome
         FROM json_to_recordset($1) AS told ("scanId" uuid, "conferenceId" uuid, "registrationId" uuid, "gateId" uuid,
                "subForumId" uuid, "deviceId" uuid, "correctedAt" timestamptz, verdict text, detail text, reason text,
                outcome text)
         ON CONFLICT (scan_id) DO UPDATE SET device_id = excluded.device_id, corrected_at = excluded.corrected_at,
           verdict = excluded.verdict, detail = excluded.detail, reason = excluded.reason, outcome = excluded.outcome`,
        [recordset(latest(recorded))],
      );
    }
    if (undone.length > 0) {
      await rows(
        tx,
        `INSERT INTO known_scans (scan_id, conference_id, registration_id, gate_id, sub_forum_id, undone_at)
         SELECT "scanId", "conferenceId", "registrationId", "gateId", "subForumId", "undoneAt"
         FROM json_to_recordset($1) AS told ("scanId" uuid, "conferenceId" uuid, "registrationId" uuid, "gateId" uuid,
                "subForumId" uuid, "undoneAt" timestamptz)
         ON CONFLICT (scan_id) DO UPDATE SET undone_at = excluded.undone_at`,
        [recordset(latest(undone))],
      );
    }
  }
}

function isOfStays(event: StaysTold | ScanTold): event is StaysTold {
  return event.type === staysChanged.type || event.type === staysSnapshot.type;
}

/** Adds (1) or takes away (-1) what the rows of `stays` count for; $2 is the partition. */
function countingStays(sign: '1' | '-1'): string {
  return `INSERT INTO known_stay_counts AS known
      (conference_id, sub_forum_id, partition, first_here, first_ever, first_walk_in, now_inside, open)
    SELECT conference_id, sub_forum_id, $2,
           ${sign} * count(*) FILTER (WHERE first_here),
           ${sign} * count(*) FILTER (WHERE first_ever),
           ${sign} * count(*) FILTER (WHERE first_walk_in),
           ${sign} * count(*) FILTER (WHERE now_inside),
           ${sign} * count(*) FILTER (WHERE exited_at IS NULL)
    FROM stays GROUP BY conference_id, sub_forum_id ORDER BY sub_forum_id
    ON CONFLICT (conference_id, sub_forum_id, partition) DO UPDATE SET
      first_here = known.first_here + excluded.first_here,
      first_ever = known.first_ever + excluded.first_ever,
      first_walk_in = known.first_walk_in + excluded.first_walk_in,
      now_inside = known.now_inside + excluded.now_inside,
      open = known.open + excluded.open`;
}
