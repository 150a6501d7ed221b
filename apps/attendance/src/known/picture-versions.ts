import { Injectable } from '@nestjs/common';
import { type EventContext, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';

/** Notes which conferences' pictures an event, or a chunk of them, has changed. */
@Injectable()
export class PictureVersions {
  constructor(private readonly changes: Changes) {}

  async raise(
    { tx, topic }: EventContext,
    events: readonly { partition: number; body: { conferenceId: string } }[],
  ): Promise<void> {
    const partition = events[0]?.partition;
    if (partition === undefined) return;
    const conferences = [...new Set(events.map(({ body }) => body.conferenceId))].sort();
    await rows(
      tx,
      `INSERT INTO picture_versions AS known (conference_id, topic, partition, version)
       SELECT conference_id, $2, $3, 1 FROM unnest($1::uuid[]) AS conference_id
       ON CONFLICT (conference_id, topic, partition) DO UPDATE SET version = known.version + 1`,
      [conferences, topic.name, partition],
    );
    for (const conferenceId of conferences) this.changes.touch(tx, `conference/${conferenceId}`);
  }
}

/** The last news of each subject: a later state replaces an earlier one, and one statement may write a row only once. */
export function latest<Event extends { subject: string }>(events: readonly Event[]): Event[] {
  return [...new Map(events.map((event) => [event.subject, event])).values()];
}

/** The bodies as the parameter of `json_to_recordset`. */
export function recordset(events: readonly { body: object }[]): string {
  return JSON.stringify(events.map(({ body }) => body));
}
