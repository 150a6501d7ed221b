import { createHash } from 'node:crypto';
import type { Conference, SubForum, Text } from '@plenary/contracts';
import { differing } from '../sub-forums/settings.rules';
import type { Settings } from '../sub-forums/sub-forum.rows';
import { shortened } from './plain-text';
import type { FileFault, Talk } from './talks';

/**
 * A file's talks as sub-forums: one for each day, room and track, its talks the sessions. The order of talks in the
 * file plays no part, and the same file again changes nothing.
 */

/** What an import decides of a sub-forum; everything else is the organiser's. */
export type PlannedSettings = Pick<Settings, 'title' | 'track' | 'room' | 'startsAt' | 'endsAt' | 'sessions'>;
export interface Planned {
  code: string;
  guids: string[];
  line: number | null;
  settings: PlannedSettings;
}

/** A sub-forum of the conference as it stands. */
export interface Standing {
  id: string;
  code: string;
  state: SubForum['state'];
  settings: Settings;
  /** null: made by hand. */
  guids: string[] | null;
}

export interface Diff {
  created: Planned[];
  changed: { standing: Standing; planned: Planned; settings: Settings; differs: string[] }[];
  /** Imported once, absent now. */
  removed: Standing[];
  /** Also those whose talks have other guids, which is remembered and is no change. */
  unchanged: { standing: Standing; planned: Planned }[];
  problems: FileFault[];
}

/** All texts of one sub-forum together, so that its event stays far below what a Kafka message may hold. */
const abstractsBudget = 120_000;

export function plan(talks: readonly Talk[]): { planned: Planned[]; faults: FileFault[] } {
  const groups = new Map<string, Talk[]>();
  for (const talk of talks) {
    const key = JSON.stringify([talk.day, talk.room, talk.track]);
    const group = groups.get(key);
    if (group) group.push(talk);
    else groups.set(key, [talk]);
  }
  const faults: FileFault[] = [];
  const byCode = new Map<string, Planned>();
  for (const group of groups.values()) {
    const one = planGroup(
      group.sort((a, b) => compare(a.startsAt, b.startsAt) || compare(a.endsAt, b.endsAt) || compare(a.guid, b.guid)),
    );
    const { line, code } = one;
    const name = `"${one.settings.track ?? ''}" in "${one.settings.room}"`;
    if (byCode.has(code)) {
      const message = `${name} differs from that in line ${byCode.get(code)?.line ?? '?'} in spelling only.`;
      faults.push({ line, code: 'spelled_differently', message });
    } else if (group.length > 200) {
      faults.push({
        line,
        code: 'too_many_talks',
        message: `${name} has ${group.length} talks on one day; at most 200.`,
      });
    }
    byCode.set(code, one);
  }
  return { planned: [...byCode.values()].sort((a, b) => compare(a.code, b.code)), faults };
}

function planGroup(talks: readonly Talk[]): Planned {
  const { day, room, track, line, startsAt } = talks[0] as Talk;
  const chinese = talks.some((talk) => talk.chinese);
  const budget = Math.floor(abstractsBudget / talks.length);
  return {
    code: codeOf(day, room, track),
    guids: talks.map((talk) => talk.guid).sort(),
    line,
    settings: {
      title: titled(track ?? room, chinese),
      track,
      room,
      startsAt,
      endsAt: talks
        .map((talk) => talk.endsAt)
        .sort()
        .at(-1) as string,
      sessions: talks.map((talk) => ({
        title: titled(talk.title, talk.chinese),
        ...(talk.abstract && { abstract: titled(shortened(talk.abstract, budget), talk.chinese) }),
        startsAt: talk.startsAt,
        endsAt: talk.endsAt,
        speakers: talk.persons.map((name) => ({ name })),
      })),
    },
  };
}

/** The same text under both languages where it may be Chinese: nobody shall see an empty title. */
function titled(text: string, chinese: boolean): Text {
  return chinese ? { en: text, 'zh-CN': text } : { en: text };
}

/** `2025-02-01.k-4-201.ebpf`; ends with a hash where letters had to be left out or it would be too long. */
export function codeOf(day: string, room: string, track: string | null): string {
  const parts = [room, track ?? ''].filter(Boolean);
  const code = [day, ...parts.map(asCode).filter(Boolean)].join('.');
  if (code.length <= 64 && parts.every((part) => !losesLetters(part))) return code;
  const hash = createHash('sha256')
    .update(JSON.stringify([day, room, track]))
    .digest('hex')
    .slice(0, 8);
  return `${code.slice(0, 55).replace(/[.-]+$/, '')}-${hash}`;
}

function asCode(text: string): string {
  return plain(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
/** Other scripts, and signs that tell names apart (`C`, `C++`, `C#`). */
function losesLetters(text: string): boolean {
  return /[^a-z0-9\s.,:;!?()[\]/&'"’“”_–-]/.test(plain(text));
}
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Compares with what stands: by code, and where room, day or track were renamed, by the talks. */
export function compareProgramme(
  planned: readonly Planned[],
  standing: readonly Standing[],
  conference: Pick<Conference, 'startsOn' | 'endsOn'>,
): Diff {
  const matches = matched(planned, standing);
  const diff: Diff = { created: [], changed: [], removed: [], unchanged: [], problems: [] };
  for (const one of planned) {
    const known = matches.get(one);
    if (one.code.slice(0, 10) < conference.startsOn || one.code.slice(0, 10) > conference.endsOn)
      diff.problems.push(problem(one, 'outside_conference', 'lies outside the days of the conference'));
    if (one.settings.track === null)
      diff.problems.push(problem(one, 'no_track', 'gathers the talks of its room that name no track'));
    if (!known) {
      diff.created.push(one);
      continue;
    }
    const settings = merged(known.settings, one.settings);
    const differs = differing(known.settings, settings);
    if (known.state === 'cancelled') {
      diff.problems.push(problem(one, 'cancelled', 'is cancelled here, and stays so, though the file has it'));
      diff.unchanged.push({ standing: known, planned: one });
    } else if (differs.length > 0) diff.changed.push({ standing: known, planned: one, settings, differs });
    else diff.unchanged.push({ standing: known, planned: one });
  }
  const kept = new Set(matches.values());
  diff.removed = standing.filter((one) => one.guids && one.state !== 'cancelled' && !kept.has(one));
  diff.problems.push(...doubleBookings(planned));
  diff.problems.sort((a, b) => compare(a.code, b.code) || compare(a.message, b.message));
  return diff;
}

function matched(planned: readonly Planned[], standing: readonly Standing[]): Map<Planned, Standing> {
  const byCode = new Map(standing.map((one) => [one.code.toLowerCase(), one]));
  const matches = new Map<Planned, Standing>();
  for (const one of planned) {
    const known = byCode.get(one.code);
    if (known) matches.set(one, known);
  }
  // What is left over on both sides is the same where it holds more than half of the talks: one at most can.
  const left = planned.filter((one) => !matches.has(one));
  const kept = new Set(matches.values());
  const best = standing
    .filter((one) => one.guids && !kept.has(one))
    .flatMap((known) => {
      const guids = new Set(known.guids);
      return left.map((one) => ({ known, one, shared: one.guids.filter((guid) => guids.has(guid)).length }));
    })
    .filter(({ known, shared }) => shared * 2 > (known.guids?.length ?? 0))
    .sort((a, b) => b.shared - a.shared || compare(a.known.code, b.known.code) || compare(a.one.code, b.one.code));
  for (const { known, one } of best) {
    if (matches.has(one) || kept.has(known)) continue;
    matches.set(one, known);
    kept.add(known);
  }
  return matches;
}

/** The file's word over what stands, keeping what people added to it: other languages, and who a speaker is. */
function merged(before: Settings, file: PlannedSettings): Settings {
  const known = sameSessions(before.sessions, file.sessions);
  return {
    ...before,
    ...file,
    title: { ...before.title, ...file.title },
    sessions: file.sessions.map((session, index) => {
      const had = known[index];
      if (!had) return session;
      const abstract = session.abstract && { ...had.abstract, ...session.abstract };
      return {
        ...session,
        title: { ...had.title, ...session.title },
        ...(abstract && { abstract }),
        speakers: session.speakers.map((speaker) => ({
          ...had.speakers.find((one) => one.name === speaker.name),
          ...speaker,
        })),
      };
    }),
  };
}

/** For each session of the file the one it was: by title and start, else by title; each is used once. */
function sameSessions(before: Settings['sessions'], file: Settings['sessions']) {
  const left = [...before];
  const take = (fits: (one: Settings['sessions'][number]) => boolean) => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const exact = file.map(({ title, startsAt }) =>
    take((one) => one.title.en === title.en && one.startsAt === startsAt),
  );
  return file.map(({ title }, index) => exact[index] ?? take((one) => one.title.en === title.en));
}

/** Two talks in one room at the same time; written all the same, since only people know which of them is wrong. */
function doubleBookings(planned: readonly Planned[]): FileFault[] {
  const rooms = new Map<string, { session: Settings['sessions'][number]; of: Planned }[]>();
  for (const of of planned) {
    const list = rooms.get(of.settings.room) ?? [];
    rooms.set(of.settings.room, list);
    list.push(...of.settings.sessions.map((session) => ({ session, of })));
  }
  return [...rooms.values()].flatMap((list) => {
    list.sort(
      (a, b) =>
        compare(a.session.startsAt, b.session.startsAt) || compare(a.session.title.en ?? '', b.session.title.en ?? ''),
    );
    return list.slice(1).flatMap((next, index) => {
      const before = list[index] as (typeof list)[number];
      if (before.session.endsAt <= next.session.startsAt) return [];
      const message = `is in ${next.of.settings.room} at the same time as "${before.session.title.en}"`;
      return [problem(next.of, 'room_taken', `"${next.session.title.en}" ${message}`)];
    });
  });
}

function problem(one: Planned, code: string, what: string): FileFault {
  const message = code === 'room_taken' ? `${what}.` : `"${one.settings.title.en}" in ${one.settings.room} ${what}.`;
  return { line: one.line, code, message };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
