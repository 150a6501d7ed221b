import { Controller } from '@nestjs/common';
import {
  registrationAmended,
  registrationApproved,
  registrationCancelled,
  registrationDeclined,
  registrationErased,
  registrationLinkRequested,
  registrationReinstated,
  registrationReset,
  registrationSnapshot,
  registrationSubmitted,
  topics,
} from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { Badges } from '../badges/badges.service';
import { Issuing } from '../badges/issuing';
import { lockSerials } from '../keys/keys.service';

const told = [
  registrationSubmitted,
  registrationApproved,
  registrationDeclined,
  registrationReset,
  registrationAmended,
  registrationCancelled,
  registrationReinstated,
  registrationLinkRequested,
  registrationSnapshot,
  registrationErased,
] as const;
type Told = Received<(typeof told)[number]>;

/** A link generation above all others. */
const everyLinkDead = 2 ** 31 - 1;

/** What a chunk of events comes to, for one registration. */
export interface Heard {
  conferenceId: string;
  linkGeneration: number;
  badgeDue: boolean;
  erased: boolean;
}

@Controller()
export class RegistrationsHandler {
  constructor(
    private readonly changes: Changes,
    private readonly issuing: Issuing,
    private readonly badges: Badges,
  ) {}

  /** Keeps what we need to know of registrations, and issues a badge to each that is approved and has none. */
  @OnEventChunk(topics.registrations, told)
  async heard(events: Told[], { tx }: EventContext): Promise<void> {
    const heard = fold(events);
    const ids = [...heard.keys()].sort();
    const all = ids.map((id) => heard.get(id) as Heard);

    const lacking = await rows<{ id: string }>(
      tx,
      `SELECT id FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT 1 FROM badges WHERE registration_id = id)`,
      [ids.filter((_, index) => all[index]?.badgeDue && !all[index]?.erased)],
    );
    const byConference = Map.groupBy(lacking, ({ id }) => (heard.get(id) as Heard).conferenceId);
    // Locked before the registrations are written: whoever comes second, this chunk or the conference itself, sees what
    // the first has written, and so one of them issues.
    if (byConference.size > 0) await lockSerials(tx, [...byConference.keys()]);

    await rows(
      tx,
      `INSERT INTO known_registrations (registration_id, conference_id, link_generation, badge_due, erased)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::bool[], $5::bool[])
       ON CONFLICT (registration_id) DO UPDATE SET link_generation = excluded.link_generation, erased = excluded.erased,
         badge_due = known_registrations.badge_due OR excluded.badge_due
       WHERE NOT known_registrations.erased`,
      [
        ids,
        all.map((one) => one.conferenceId),
        all.map((one) => one.linkGeneration),
        all.map((one) => one.badgeDue),
        all.map((one) => one.erased),
      ],
    );
    for (const [conferenceId, due] of byConference) {
      await this.issuing.issueDue(
        tx,
        conferenceId,
        due.map(({ id }) => id),
      );
    }
    const erased = ids.filter((id) => heard.get(id)?.erased);
    if (erased.length > 0) await this.badges.withdraw(tx, erased);
    for (const id of ids) this.changes.touch(tx, id);
  }
}

/** A badge is due to whoever was approved at some time, even if the same chunk goes on to cancel. */
export function fold(events: readonly Told[]): Map<string, Heard> {
  const heard = new Map<string, Heard>();
  for (const { body } of events) {
    const before = heard.get(body.registrationId);
    if (before?.erased) continue;
    const state = 'status' in body ? body : undefined;
    heard.set(body.registrationId, {
      conferenceId: body.conferenceId,
      linkGeneration: state?.linkGeneration ?? everyLinkDead,
      badgeDue: (before?.badgeDue ?? false) || state?.status === 'approved',
      erased: state === undefined,
    });
  }
  return heard;
}
