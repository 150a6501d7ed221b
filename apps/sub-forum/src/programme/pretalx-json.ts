import { NotJson, parseWithLines } from './json-with-lines';
import { type Stated, type StatedTalk, Unreadable } from './talks';

/** pretalx's schedule export: `schedule.conference.days[].rooms{ name: [talk] }`. */
export function readPretalxJson(source: string): Stated {
  const { value, lineOf } = parsed(source);
  const conference = member(member(value, 'schedule'), 'conference');
  const days = member(conference, 'days');
  if (!Array.isArray(days)) {
    const message = 'There is no schedule.conference.days: this is not a schedule export of pretalx.';
    throw new Unreadable({ line: 1, code: 'schedule_missing', message });
  }
  const talks = days.flatMap((day) =>
    Object.entries(objectOf(member(day, 'rooms'))).flatMap(([room, list]) =>
      (Array.isArray(list) ? list : []).map((talk): StatedTalk => {
        const text = (name: string) => textOf(member(talk, name));
        return {
          line: lineOf(objectOf(talk)),
          guid: text('guid') || text('code') || text('id'),
          day: textOf(member(day, 'date')),
          date: text('date'),
          start: text('start'),
          duration: text('duration'),
          room,
          track: text('track'),
          title: text('title'),
          language: text('language'),
          abstract: text('abstract') || text('description'),
          persons: personsOf(member(talk, 'persons')),
        };
      }),
    ),
  );
  return { talks, timeZone: textOf(member(conference, 'time_zone_name')) || null, dayChange: null };
}

function parsed(source: string) {
  try {
    return parseWithLines(source);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    throw new Unreadable({ line: error.line, code: 'json_malformed', message: `Not JSON: ${error.message}` });
  }
}

function personsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).map(
    (person) => textOf(member(person, 'public_name')) || textOf(member(person, 'name')) || textOf(person),
  );
}

/** Text, a number, or a text in several languages. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const texts = objectOf(value);
  for (const language of ['en', 'zh-hans', 'zh-cn', 'zh', ...Object.keys(texts)]) {
    const text = texts[language];
    if (typeof text === 'string' && text) return text;
  }
  return '';
}

function member(value: unknown, name: string): unknown {
  const members = objectOf(value);
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
