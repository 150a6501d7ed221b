import { isDeepStrictEqual } from 'node:util';
import type { Conference } from '@plenary/contracts';
import type { Settings } from './sub-forum.rows';

/** What a co-host may change of its own sub-forum. */
export const cohostFields: ReadonlySet<string> = new Set([
  'capacity',
  'walkIn',
  'reEntry',
  'releaseNoShowsAfterMinutes',
  'state',
]);

export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** Every instant in UTC with milliseconds, so that equal settings are equal bytes. */
export function normalised(settings: Settings): Settings {
  return {
    ...settings,
    startsAt: utc(settings.startsAt),
    endsAt: utc(settings.endsAt),
    reservedUntil: settings.reservedUntil === null ? null : utc(settings.reservedUntil),
    sessions: settings.sessions.map((session) => ({
      ...session,
      startsAt: utc(session.startsAt),
      endsAt: utc(session.endsAt),
    })),
  };
}

/**
 * What single fields can't say. Two sub-forums may share a room at the same time: in real programmes a track is
 * interrupted by another one's talks (FOSDEM's keynotes and main track), and who may enter is decided per sub-forum.
 */
export function contradictions(settings: Settings, conference: Pick<Conference, 'categories'>): FieldError[] {
  const errors: FieldError[] = [];
  if (Date.parse(settings.startsAt) >= Date.parse(settings.endsAt))
    errors.push({ path: 'endsAt', code: 'ends_before_start', message: 'not after startsAt' });
  if (settings.capacity !== null && settings.reserved > settings.capacity)
    errors.push({ path: 'reserved', code: 'reserved_above_capacity', message: 'more than capacity' });
  settings.categories.forEach((key, index) => {
    if (!conference.categories.some((category) => category.key === key))
      errors.push({
        path: `categories.${index}`,
        code: 'category_unknown',
        message: 'not a category of the conference',
      });
  });
  settings.sessions.forEach((session, index) => {
    if (Date.parse(session.startsAt) > Date.parse(session.endsAt))
      errors.push({ path: `sessions.${index}.endsAt`, code: 'ends_before_start', message: 'before startsAt' });
  });
  return errors;
}

/** Names of the settings that differ. */
export function differing(before: Settings, after: Settings): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Settings>;
  // Through JSON, since what was stored came back from it: an absent field and an undefined one are the same.
  return [...names].filter((name) => !isDeepStrictEqual(plain(before[name]), plain(after[name]))).sort();
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
function utc(instant: string): string {
  return new Date(instant).toISOString();
}
