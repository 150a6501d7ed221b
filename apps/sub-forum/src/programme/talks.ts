import { instantIn, isInReach } from '@plenary/contracts';
import { oneLine, shortened, textOfHtml } from './plain-text';

/** A talk as a file states it; the same for every format. */
export interface StatedTalk {
  line: number | null;
  guid: string;
  /** `2026-05-21`, as the file's own division into days says. */
  day: string;
  /** RFC 3339, if the file has it. */
  date: string;
  /** `09:30`, local. */
  start: string;
  /** `00:25`, or `1:02:00` with days. */
  duration: string;
  room: string;
  track: string;
  title: string;
  language: string;
  /** HTML or text. */
  abstract: string;
  persons: string[];
}

/** A talk that holds together: times are UTC, texts are plain. */
export interface Talk {
  line: number | null;
  guid: string;
  day: string;
  startsAt: string;
  endsAt: string;
  room: string;
  track: string | null;
  title: string;
  chinese: boolean;
  abstract: string;
  persons: string[];
}

export interface FileFault {
  line: number | null;
  code: string;
  message: string;
}

export interface Stated {
  talks: StatedTalk[];
  /** IANA name, where the file gives one. */
  timeZone: string | null;
  /** Talks that start before this time of day belong to the day before. */
  dayChange: string | null;
}

/** The file as a whole can't be read. */
export class Unreadable extends Error {
  constructor(readonly fault: FileFault) {
    super(fault.message);
  }
}

/** Checks each talk; every fault names its line. */
export function soundTalks(stated: Stated, zone: string): { talks: Talk[]; faults: FileFault[] } {
  const faults: FileFault[] = [];
  const talks: Talk[] = [];
  const lineOf = new Map<string, number | null>();
  for (const one of stated.talks) {
    const before = faults.length;
    const fault = (code: string, message: string) => faults.push({ line: one.line, code, message });
    const guid = oneLine(one.guid).slice(0, 200);
    const name = guid || oneLine(one.title) || '?';
    if (!guid) fault('guid_missing', `The talk "${name}" has neither guid nor id.`);
    else if (lineOf.has(guid))
      fault('guid_twice', `The guid ${guid} is that of the talk in line ${lineOf.get(guid) ?? '?'} already.`);
    else lineOf.set(guid, one.line);

    const title = bounded(one.title, 400, 'title', name, fault);
    const room = bounded(one.room, 120, 'room', name, fault);
    const track = one.track.trim() ? bounded(one.track, 200, 'track', name, fault) : null;
    const persons = [...new Set(one.persons.map(oneLine).filter(Boolean))];
    if (persons.length > 60) fault('too_many_persons', `The talk ${name} has ${persons.length} persons; at most 60.`);
    if (persons.some((person) => person.length > 200))
      fault('name_too_long', `A name in ${name} is above 200 letters.`);

    if (!isDay(one.day)) fault('day_invalid', `The talk ${name} stands on a day that is no date: "${one.day}".`);
    const startsAt = startOf(one, zone, stated.dayChange);
    if (startsAt === undefined) fault('start_invalid', `The start of ${name} is no time: "${one.date || one.start}".`);
    const minutes = minutesOf(one.duration);
    if (minutes === undefined) fault('duration_invalid', `The duration of ${name} is none: "${one.duration}".`);
    else if (minutes <= 0) fault('ends_before_start', `The talk ${name} ends before it starts: "${one.duration}".`);
    if (startsAt !== undefined && !(isInReach(startsAt) && isInReach(startsAt + (minutes ?? 0) * 60_000)))
      fault('start_invalid', `The talk ${name} is not between 1970 and 2200: "${one.date || one.day}".`);
    if (faults.length > before || startsAt === undefined || minutes === undefined) continue;

    talks.push({
      line: one.line,
      guid,
      day: one.day,
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + minutes * 60_000).toISOString(),
      room,
      track,
      title,
      chinese: /^zh\b/i.test(one.language),
      abstract: shortened(textOfHtml(one.abstract), 2000),
      persons,
    });
  }
  return { talks, faults };
}

function bounded(
  text: string,
  max: number,
  what: string,
  name: string,
  fault: (code: string, message: string) => void,
): string {
  const clean = oneLine(text);
  if (!clean) fault(`${what}_missing`, `The talk ${name} has no ${what}.`);
  else if (clean.length > max) fault(`${what}_too_long`, `The ${what} of ${name} is above ${max} letters.`);
  return clean;
}

/** ms since the epoch. */
function startOf(talk: StatedTalk, zone: string, dayChange: string | null): number | undefined {
  const date = talk.date.trim();
  const full = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(date);
  if (full) {
    const at = full[3] ? Date.parse(date) : instantIn(full[1] as string, full[2] as string, zone);
    return at !== undefined && isInReach(at) ? at : undefined;
  }
  const time = /^(\d{1,2}):(\d\d)(?::\d\d)?$/.exec(talk.start.trim());
  if (!time || !isDay(talk.day)) return undefined;
  const clock = `${time[1]?.padStart(2, '0')}:${time[2]}`;
  const day = dayChange && clock < dayChange.slice(0, 5) ? nextDay(talk.day) : talk.day;
  return instantIn(day, clock, zone);
}

/** `[days:]hours:minutes`, at most 14 days; negative ones are read, so that they can be named. */
function minutesOf(duration: string): number | undefined {
  const parts = /^(-?)(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$/.exec(duration.trim());
  if (!parts) return undefined;
  const minutes = Number(parts[2] ?? 0) * 1440 + Number(parts[3]) * 60 + Number(parts[4]);
  if (minutes > 14 * 1440) return undefined;
  return parts[1] ? -minutes : minutes;
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return isInReach(at) && new Date(at).toISOString().startsWith(text);
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
