import { Controller } from '@nestjs/common';
import {
  registrationAmended,
  registrationApproved,
  registrationCancelled,
  registrationDeclined,
  registrationErased,
  registrationReinstated,
  registrationReset,
  registrationSnapshot,
  registrationSubmitted,
  topics,
} from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { latest } from './latest';

type State = typeof registrationSubmitted;
type Heard = Received<State> | Received<typeof registrationErased>;

/** Keeps what a door asks and shows: status, category, name and organisation. Contacts are not taken over. */
@Controller()
export class KnownRegistrations {
  @OnEventChunk(
    topics.registrations,
    [
      registrationSubmitted,
      registrationApproved,
      registrationDeclined,
      registrationReset,
      registrationAmended,
      registrationCancelled,
      registrationReinstated,
      registrationSnapshot,
      registrationErased,
    ],
    { tables: ['known_registrations'] },
  )
  async heard(events: Heard[], { tx }: EventContext): Promise<void> {
    const newest = latest(events);
    const states = newest.filter((event): event is Received<State> => event.type !== registrationErased.type);
    await rows(
      tx,
      `INSERT INTO known_registrations AS known
         (registration_id, conference_id, status, category, name, latin_name, organisation)
       SELECT * FROM json_to_recordset($1::json) AS r (registration_id uuid, conference_id uuid, status text,
         category text, name text, latin_name text, organisation text)
       ON CONFLICT (registration_id) DO UPDATE SET status = excluded.status, category = excluded.category,
         name = excluded.name, latin_name = excluded.latin_name, organisation = excluded.organisation
       WHERE NOT known.erased`,
      [
        JSON.stringify(
          states.map(({ body }) => ({
            registration_id: body.registrationId,
            conference_id: body.conferenceId,
            status: body.status,
            category: body.category,
            name: body.person.name,
            latin_name: body.person.latinName,
            organisation: body.person.organisation,
          })),
        ),
      ],
    );
    const erased = newest.filter((event) => event.type === registrationErased.type);
    if (erased.length === 0) return;
    await rows(
      tx,
      `INSERT INTO known_registrations (registration_id, conference_id, status, category, erased)
       SELECT *, 'cancelled', '', true FROM unnest($1::uuid[], $2::uuid[])
       ON CONFLICT (registration_id) DO UPDATE SET status = 'cancelled', category = '', name = NULL,
         latin_name = NULL, organisation = NULL, erased = true`,
      [erased.map(({ body }) => body.registrationId), erased.map(({ body }) => body.conferenceId)],
    );
  }
}
