import { Injectable } from '@nestjs/common';
import { isTimeZone, newSubForum, type ProgrammeDiff } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { audit, authorise, type Caller, Changes, newId, Problem } from '@plenary/platform';
import { Allocation } from '../allocation/allocation.service';
import { scheduleChanged } from '../allocation/deadlines';
import { lockConference } from '../conferences/conference.rows';
import { Conferences } from '../conferences/conferences.service';
import { insertSubForum, type SubForumRow, subForumColumns, tell, updateSubForum } from '../sub-forums/sub-forum.rows';
import { readFrabXml } from './frab-xml';
import { readPretalxJson } from './pretalx-json';
import { compareProgramme, type Diff, type Planned, plan, type Standing } from './programme.rules';
import { type FileFault, soundTalks, Unreadable } from './talks';

interface ProgrammeFile {
  format: 'frab-xml' | 'pretalx-json';
  file: Uint8Array;
  dryRun: boolean;
}

/** At most so many faults are listed; whoever has more has another file in hand. */
const listed = 100;

/** Takes a programme over from a file, whole or not at all; read before any lock is taken. */
@Injectable()
export class ProgrammeImport {
  constructor(
    private readonly database: Database,
    private readonly conferences: Conferences,
    private readonly allocation: Allocation,
    private readonly changes: Changes,
  ) {}

  /** 422 `programme_invalid` with a line and a cause per fault; then nothing was changed. */
  async import(caller: Caller, slug: string, { format, file, dryRun }: ProgrammeFile): Promise<ProgrammeDiff> {
    const visible = await this.conferences.visible(caller, slug);
    authorise(caller, ['organiser'], { conferenceId: visible.id });
    const { planned, problems } = read(format, file, visible.settings.timeZone);

    return this.database.transaction(async (tx) => {
      const conference = await lockConference(tx, slug);
      if (!conference) throw Problem.notFound('conference');
      const diff = compareProgramme(planned, await standing(tx, conference.id), conference.settings);
      diff.problems.unshift(...problems);
      if (dryRun) return answer(diff, true, new Map());
      const created = await this.apply(tx, conference.id, diff);
      await audit(tx, caller, {
        conferenceId: conference.id,
        action: 'programme.import',
        target: { kind: 'conference', id: conference.id },
        details: { format, created: diff.created.length, changed: diff.changed.length, removed: diff.removed.length },
      });
      return answer(diff, false, created);
    });
  }

  /** Writes and tells what is new and what changed; answers the ids of the new ones by their code. */
  private async apply(tx: Tx, conferenceId: string, diff: Diff): Promise<Map<string, string>> {
    const created = new Map<string, string>();
    for (const { code, guids, settings } of diff.created) {
      const id = newId();
      const row = await insertSubForum(tx, id, conferenceId, newSubForum.parse({ ...settings, code }), guids);
      if (!row) throw new Error(`the code ${code} is taken, though the conference is locked`);
      await tell(tx, row);
      created.set(code, id);
    }
    for (const { standing, planned, settings } of diff.changed) {
      await tell(tx, await updateSubForum(tx, standing.id, settings, standing.state));
      await remember(tx, standing, planned);
    }
    for (const { standing, planned } of diff.unchanged) await remember(tx, standing, planned);
    // A changed end may let people in, or end their waiting.
    await this.allocation.settle(
      tx,
      diff.changed.map(({ standing }) => standing.id),
    );
    scheduleChanged(tx, this.changes);
    return created;
  }
}

function read(format: ProgrammeFile['format'], file: Uint8Array, zone: string) {
  try {
    const text = decoded(file);
    const stated = format === 'frab-xml' ? readFrabXml(text) : readPretalxJson(text);
    if (stated.talks.length === 0)
      throw new Unreadable({ line: null, code: 'no_talks', message: 'There is no talk in this file.' });
    const problems: FileFault[] = [];
    const known = stated.timeZone !== null && isTimeZone(stated.timeZone);
    if (stated.timeZone !== null && !known) {
      const message = `The file's time zone "${stated.timeZone.slice(0, 64)}" is not known; ${zone} was taken.`;
      problems.push({ line: null, code: 'time_zone_unknown', message });
    }
    const { talks, faults } = soundTalks(stated, known ? (stated.timeZone as string) : zone);
    const { planned, faults: further } = plan(talks);
    if (faults.length + further.length > 0) throw invalid([...faults, ...further]);
    return { planned, problems };
  } catch (error) {
    throw error instanceof Unreadable ? invalid([error.fault]) : error;
  }
}

function decoded(file: Uint8Array): string {
  if (file[0] === 0x1f && file[1] === 0x8b)
    throw new Unreadable({ line: null, code: 'compressed', message: 'The file is compressed. Unpack it first.' });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw new Unreadable({ line: null, code: 'not_utf8', message: 'The file is not UTF-8. Save it as UTF-8.' });
  }
}

function invalid(faults: readonly FileFault[]): Problem {
  const more = faults.length > listed ? ` (the first ${listed} of ${faults.length} are listed)` : '';
  return new Problem(
    422,
    'programme_invalid',
    `The file has faults, and nothing was changed. Correct them and import it again${more}.`,
    {
      errors: faults.slice(0, listed).map(({ line, code, message }) => ({
        path: line === null ? 'file' : `line ${line}`,
        code,
        message: line === null ? message : `Line ${line}: ${message}`,
      })),
    },
  );
}

/** Every sub-forum of the conference, locked, sorted. */
async function standing(tx: Tx, conferenceId: string): Promise<Standing[]> {
  const found = await rows<SubForumRow>(
    tx,
    `SELECT ${subForumColumns} FROM sub_forums WHERE conference_id = $1 ORDER BY id FOR UPDATE`,
    [conferenceId],
  );
  return found.map(({ id, state, settings, import_guids }) => ({
    id,
    code: settings.code,
    state,
    settings,
    guids: import_guids,
  }));
}

/** The talks it now holds, for the next import. */
async function remember(tx: Tx, { id, guids }: Standing, planned: Planned): Promise<void> {
  if (guids?.join('\n') === planned.guids.join('\n')) return;
  await rows(tx, 'UPDATE sub_forums SET import_guids = $2 WHERE id = $1', [id, planned.guids]);
}

function answer(diff: Diff, dryRun: boolean, created: ReadonlyMap<string, string>): ProgrammeDiff {
  const line = (code: string, subForumId: string | null, settings: Planned['settings']) => ({
    code,
    subForumId,
    title: settings.title,
    room: settings.room,
    startsAt: settings.startsAt,
    endsAt: settings.endsAt,
    sessions: settings.sessions.length,
  });
  return {
    dryRun,
    created: diff.created.map(({ code, settings }) => line(code, created.get(code) ?? null, settings)),
    changed: diff.changed.map(({ standing, settings, differs }) => ({
      ...line(standing.code, standing.id, settings),
      differs,
    })),
    removed: diff.removed.map(({ code, id, settings }) => line(code, id, settings)),
    unchanged: diff.unchanged.length,
    problems: diff.problems,
  };
}
