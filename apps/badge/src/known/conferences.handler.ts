import { Controller } from '@nestjs/common';
import { conferenceAnnounced, conferenceSnapshot, topics } from '@plenary/contracts';
import { type EventContext, OnEvents, type Received, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { expiryOf } from '../badges/badges.rules';
import { Issuing } from '../badges/issuing';
import { Keys, lockSerials } from '../keys/keys.service';

@Controller()
export class ConferencesHandler {
  constructor(
    private readonly changes: Changes,
    private readonly keys: Keys,
    private readonly issuing: Issuing,
  ) {}

  /** A conference gets its key when it is first heard of, and then the badges that were waiting for it. */
  @OnEvents(topics.conferences, [conferenceAnnounced, conferenceSnapshot])
  async heard(
    event: Received<typeof conferenceAnnounced | typeof conferenceSnapshot>,
    { tx }: EventContext,
  ): Promise<void> {
    const { conferenceId, slug, endsOn, timeZone } = event.body;
    const expiresAt = expiryOf(endsOn, timeZone);
    await lockSerials(tx, [conferenceId]);
    await rows(
      tx,
      `INSERT INTO known_conferences (conference_id, slug, badges_expire_at) VALUES ($1, $2, $3)
       ON CONFLICT (conference_id) DO UPDATE SET slug = excluded.slug, badges_expire_at = excluded.badges_expire_at`,
      [conferenceId, slug, expiresAt],
    );
    await this.keys.ensure(tx, conferenceId);
    await this.issuing.extend(tx, conferenceId, expiresAt);
    await this.issuing.issueDue(tx, conferenceId, 'all');
    this.changes.touch(tx, `slug/${slug}`);
  }
}
