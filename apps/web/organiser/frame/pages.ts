import type { Action } from '../session/session';

export interface PageOfConference {
  name: 'live' | 'subForums' | 'registrations' | 'devices' | 'conflicts';
  /** Last part of its address. */
  path: string;
  /** Whoever may do this sees the page in the menu. */
  for: Action;
}

/** The pages of a conference, in the order of the menu; the first that somebody may see is where they land. */
export const pages: readonly PageOfConference[] = [
  { name: 'live', path: 'live', for: 'watchAttendance' },
  { name: 'subForums', path: 'sub-forums', for: 'changeSubForum' },
  { name: 'registrations', path: 'registrations', for: 'listRegistrations' },
  { name: 'devices', path: 'devices', for: 'listDevices' },
  { name: 'conflicts', path: 'conflicts', for: 'listConflicts' },
];

export const addressOf = (slug: string, page?: string): string => `/organiser/${slug}${page ? `/${page}` : ''}`;
