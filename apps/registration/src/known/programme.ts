import { Injectable } from '@nestjs/common';
import type { ConferenceState, Text } from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { Changes, Problem } from '@plenary/platform';
import type { Span } from '../choices/amendment.rules';
import { defaultForm, type FormSettings } from '../form/form.rules';

/** What a submission is judged by. */
export interface Facts {
  readonly conference: ConferenceState;
  readonly form: FormSettings;
  readonly formVersion: number;
  readonly subForums: ReadonlyMap<string, Span>;
}

/** Every replica hears only some partitions of a topic, so what is remembered here must not grow old. */
const FRESH_MS = 1000;
/** How long a call waits for what was made just before it. */
const NOT_HEARD_OF_YET_MS = 2000;

type Key = { slug: string } | { conferenceId: string };

/** Conferences with their forms and sub-forums, remembered in the process for a second: submissions come in rushes. */
@Injectable()
export class Programme {
  private readonly remembered = new Map<string, { facts: Promise<Facts | undefined>; readAt: number }>();

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** 404 for a conference that is not heard of within 2 s; sub-forums are waited for alike, and may be missing still. */
  async facts(key: Key, subForumIds: readonly string[] = []): Promise<Facts> {
    const known =
      (await this.recall(key)) ??
      ('slug' in key
        ? await this.changes.waitFor(`slug/${key.slug}`, NOT_HEARD_OF_YET_MS, () => this.read(key))
        : undefined);
    if (!known) throw Problem.notFound('conference');
    const missing = subForumIds.filter((id) => !known.subForums.has(id));
    if (missing.length === 0) return known;
    await this.changes.waitFor(`conference/${known.conference.conferenceId}`, NOT_HEARD_OF_YET_MS, async () =>
      (await this.areKnown(missing)) ? true : undefined,
    );
    this.forget();
    return (await this.recall(key)) ?? known;
  }

  forget(): void {
    this.remembered.clear();
  }

  private async recall(key: Key): Promise<Facts | undefined> {
    const name = 'slug' in key ? key.slug : key.conferenceId;
    const entry = this.remembered.get(name);
    if (entry && performance.now() - entry.readAt < FRESH_MS) return entry.facts;
    const fresh = { facts: this.read(key), readAt: performance.now() };
    this.remembered.set(name, fresh);
    try {
      const facts = await fresh.facts;
      if (!facts) this.remembered.delete(name);
      return facts;
    } catch (error) {
      this.remembered.delete(name);
      throw error;
    }
  }

  private async read(key: Key): Promise<Facts | undefined> {
    const [column, value] = 'slug' in key ? ['slug', key.slug] : ['conference_id', key.conferenceId];
    const [found] = await this.database.query<{
      conference: ConferenceState;
      form: FormSettings | null;
      formVersion: number | null;
    }>(
      `SELECT c.body AS conference, f.settings AS form, f.version AS "formVersion"
       FROM known_conferences c LEFT JOIN registration_forms f USING (conference_id) WHERE c.${column} = $1`,
      [value],
    );
    if (!found) return undefined;
    const subForums = await this.database.query<{ id: string; startsAt: Date; endsAt: Date; title: Text }>(
      `SELECT sub_forum_id AS id, starts_at AS "startsAt", ends_at AS "endsAt", title
       FROM known_sub_forums WHERE conference_id = $1`,
      [found.conference.conferenceId],
    );
    return {
      conference: found.conference,
      form: found.form ?? defaultForm,
      formVersion: found.formVersion ?? 1,
      subForums: new Map(
        subForums.map(({ id, startsAt, endsAt, title }) => [
          id,
          { startsAt, endsAt, name: title.en ?? title['zh-CN'] ?? id },
        ]),
      ),
    };
  }

  /** In whichever conference: an id of another one is not worth waiting for. */
  private async areKnown(subForumIds: readonly string[]): Promise<boolean> {
    const [found] = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM known_sub_forums WHERE sub_forum_id = ANY ($1::uuid[])',
      [subForumIds],
    );
    return found?.count === subForumIds.length;
  }
}
