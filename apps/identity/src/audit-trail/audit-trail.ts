import { Controller, Injectable } from '@nestjs/common';
import { type AuditRecord, auditRecorded, type InputOf, instant, routes, topics, id as uuid } from '@plenary/contracts';
import { Database, type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { authorise, By, type Caller, cursorOf, encodeCursor, Handles, Input } from '@plenary/platform';
import { z } from 'zod';
import { Conferences } from '../known/conferences';

type AuditEntry = Omit<AuditRecord, 'version'> & { actorName: string | null };

/** When the record was made that a list goes on after, and its id. */
const listedAfter = z.tuple([instant, uuid]);

/** Who did what: written by every service, kept here, never changed. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly conferences: Conferences,
  ) {}

  /** Newest first. `system=true`: only what no person did; `system=false`: only what somebody did. */
  async list({ params, query }: InputOf<typeof routes.listAudit>, caller: Caller) {
    const conferenceId = await this.conferences.idOf(params.slug);
    authorise(caller, routes.listAudit.who, { conferenceId });
    const found = await this.database.query<Omit<AuditEntry, 'at'> & { at: Date; sort: string }>(
      `SELECT a.id AS "auditId", a.conference_id AS "conferenceId",
              json_build_object('kind', a.actor_kind, 'id', a.actor_id) AS actor, a.action,
              json_build_object('kind', a.target_kind, 'id', a.target_id) AS target,
              r.reason, a.details, a.at, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sort, s.name AS "actorName"
       FROM audit_records a
       LEFT JOIN audit_reasons r ON r.audit_id = a.id
       LEFT JOIN staff s ON a.actor_kind = 'staff' AND s.id = a.actor_id
       WHERE a.conference_id = $1
         AND ($2::text IS NULL OR (a.at, a.id) < ($2::timestamptz, $3::uuid))
         AND ($4::text IS NULL OR a.action = $4)
         AND ($5::text IS NULL OR a.target_id = $5)
         AND ($6::uuid IS NULL OR a.actor_id = $6)
         AND ($7::boolean IS NULL OR (a.actor_kind = 'system') = $7)
       ORDER BY a.at DESC, a.id DESC LIMIT $8`,
      [
        conferenceId,
        ...(cursorOf(query.cursor, listedAfter) ?? [null, null]),
        query.action ?? null,
        query.target ?? null,
        query.actor ?? null,
        query.system ?? null,
        query.limit + 1,
      ],
    );
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(({ sort: _, at, ...entry }) => ({ ...entry, at: at.toISOString() })),
      nextCursor: found.length > items.length && last ? encodeCursor([last.sort, last.auditId]) : null,
    };
  }
}

@Controller()
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Handles(routes.listAudit)
  list(@Input() input: InputOf<typeof routes.listAudit>, @By() caller: Caller) {
    return this.trail.list(input, caller);
  }

  @OnEventChunk(topics.audit, [auditRecorded])
  async recorded(events: Received<typeof auditRecorded>[], { tx }: EventContext) {
    const records = JSON.stringify(events.map(({ body }) => body));
    await rows(
      tx,
      `INSERT INTO audit_records
         (id, conference_id, actor_kind, actor_id, action, target_kind, target_id, details, at)
       SELECT r."auditId", r."conferenceId", r.actor->>'kind', (r.actor->>'id')::uuid, r.action,
              r.target->>'kind', r.target->>'id', r.details, r.at
       FROM json_to_recordset($1) AS r ("auditId" uuid, "conferenceId" uuid, actor json, action text, target json,
                                        details jsonb, at timestamptz)
       ON CONFLICT DO NOTHING`,
      [records],
    );
    await rows(
      tx,
      `INSERT INTO audit_reasons (audit_id, reason)
       SELECT r."auditId", r.reason FROM json_to_recordset($1) AS r ("auditId" uuid, reason text)
       WHERE r.reason IS NOT NULL
       ON CONFLICT DO NOTHING`,
      [records],
    );
  }
}
