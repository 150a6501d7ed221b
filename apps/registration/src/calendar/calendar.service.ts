import { Injectable } from '@nestjs/common';
import type { ConferenceState, Locale, Text } from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { Answer, type Caller, Problem } from '@plenary/platform';
import { type CalendarEntry, icalendar } from './icalendar';

interface SeatRow {
  subForumId: string;
  version: number;
  state: 'confirmed' | 'waitlisted';
  title: Text;
  room: string | null;
  floor: string | null;
  startsAt: Date;
  endsAt: Date;
}

/** Where a person will be, as a file for the calendar of the phone. */
@Injectable()
export class Calendars {
  constructor(private readonly database: Database) {}

  /** Confirmed seats, and those that are waited for as tentative; texts in the registration's language where there are any. */
  async own(caller: Caller): Promise<Answer<string>> {
    if (caller.kind !== 'delegate') throw Problem.notFound('registration');
    const { registrationId } = caller;
    const [known] = await this.database.query<{ locale: Locale; conference: ConferenceState | null }>(
      `SELECT r.locale, c.body AS conference
       FROM registrations r LEFT JOIN known_conferences c USING (conference_id) WHERE r.id = $1`,
      [registrationId],
    );
    if (!known) throw Problem.notFound('registration');
    const { locale, conference } = known;
    const seats = await this.database.query<SeatRow>(
      `SELECT c.sub_forum_id AS "subForumId", f.version, c.state, f.title, f.room, f.floor,
         f.starts_at AS "startsAt", f.ends_at AS "endsAt"
       FROM choices c JOIN known_sub_forums f USING (sub_forum_id)
       WHERE c.registration_id = $1 AND c.state IN ('confirmed', 'waitlisted') ORDER BY f.starts_at, c.sub_forum_id`,
      [registrationId],
    );
    const venue = conference ? inLanguage(conference.venue, locale) : '';
    const entries = seats.map(
      (seat): CalendarEntry => ({
        uid: `${registrationId}.${seat.subForumId}@plenary`,
        sequence: seat.version,
        status: seat.state === 'confirmed' ? 'CONFIRMED' : 'TENTATIVE',
        startsAt: seat.startsAt,
        endsAt: seat.endsAt,
        summary: inLanguage(seat.title, locale),
        location: [seat.room, seat.floor, venue].filter(Boolean).join(', '),
      }),
    );
    const name = conference ? inLanguage(conference.name, locale) : 'Plenary';
    return new Answer(icalendar(name, entries, new Date()), {
      headers: { 'content-disposition': 'attachment; filename="plenary.ics"' },
    });
  }
}

function inLanguage(text: Text, locale: Locale): string {
  return text[locale]?.trim() || text.en?.trim() || text['zh-CN']?.trim() || '';
}
