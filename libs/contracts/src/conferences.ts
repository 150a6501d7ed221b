import { z } from 'zod';
import { day, id, instant, line, locale, page, pageQuery, slug, text, version } from './common';
import { defineEvent } from './event';
import { defineRoute } from './route';
import { topics } from './topics';
import { isTimeZone } from './zoned-time';

/** How a kind of delegate is named, printed and admitted. */
export const category = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  name: text(80),
  colour: z.string().regex(/^#[0-9A-Fa-f]{6}$/),
  letter: z.string().regex(/^[A-Z]$/),
  /** May be chosen by anybody who registers online. */
  public: z.boolean(),
  /** `everywhere`: passes every door without a seat. */
  admits: z.enum(['seat', 'everywhere']),
});
export type Category = z.output<typeof category>;

const help = z.strictObject({
  email: z.email().max(254).optional(),
  phone: line(40).optional(),
  place: text(200).optional(),
});
const programmeBreak = z.strictObject({ startsAt: instant, endsAt: instant, name: text(120) });

export const conferenceSettings = {
  slug,
  name: text(300),
  summary: text(2000).optional(),
  venue: text(300),
  /** IANA name; days and gate times of day turn in it. */
  timeZone: z.string().max(64).refine(isTimeZone, { message: 'not an IANA time zone' }),
  startsOn: day,
  endsOn: day,
  locales: z.array(locale).min(1).max(2),
  categories: z.array(category).min(1).max(20),
  help,
  breaks: z.array(programmeBreak).max(100),
  state: z.enum(['draft', 'published', 'archived']),
  mode: z.enum(['live', 'rehearsal']),
  eraseAfterDays: z.int().min(1).max(3650),
};

export const conference = z.object({ id, ...conferenceSettings });
export type Conference = z.output<typeof conference>;

/** The five categories that a conference starts with. */
export const defaultCategories: Category[] = [
  {
    key: 'delegate',
    name: { en: 'Delegate', 'zh-CN': '代表' },
    colour: '#2446B5',
    letter: 'D',
    public: true,
    admits: 'seat',
  },
  {
    key: 'speaker',
    name: { en: 'Speaker', 'zh-CN': '嘉宾' },
    colour: '#F28C28',
    letter: 'S',
    public: false,
    admits: 'seat',
  },
  { key: 'vip', name: { en: 'VIP', 'zh-CN': '贵宾' }, colour: '#15181E', letter: 'V', public: false, admits: 'seat' },
  {
    key: 'press',
    name: { en: 'Press', 'zh-CN': '媒体' },
    colour: '#9BD6FF',
    letter: 'P',
    public: true,
    admits: 'seat',
  },
  {
    key: 'staff',
    name: { en: 'Staff', 'zh-CN': '工作人员' },
    colour: '#FFE14D',
    letter: 'W',
    public: false,
    admits: 'everywhere',
  },
];

const conferenceState = z.object({
  version,
  conferenceId: id,
  ...conferenceSettings,
  at: instant,
});
export type ConferenceState = z.output<typeof conferenceState>;

const key = { topic: topics.conferences, key: byConference, subject: byConference } as const;
export const conferenceAnnounced = defineEvent({ type: 'conference.announced.v1', body: conferenceState, ...key });
export const conferenceSnapshot = defineEvent({ type: 'conference.snapshot.v1', body: conferenceState, ...key });

function byConference(body: { conferenceId: string }): string {
  return body.conferenceId;
}

const service = 'sub-forum';
const params = { slug };

export const conferenceRoutes = {
  listConferences: defineRoute({
    id: 'listConferences',
    service,
    method: 'GET',
    path: '/conferences',
    summary: 'Published conferences; staff also see drafts and archives of their own.',
    who: ['anyone'],
    query: z.strictObject(pageQuery),
    answer: page(conference),
  }),
  getConference: defineRoute({
    id: 'getConference',
    service,
    method: 'GET',
    path: '/conferences/{slug}',
    params,
    summary: 'One conference.',
    who: ['anyone'],
    answer: conference,
  }),
  createConference: defineRoute({
    id: 'createConference',
    service,
    method: 'POST',
    path: '/conferences',
    summary: 'Makes a conference; without more it is published, live, and open for registration.',
    who: ['admin'],
    idempotent: true,
    body: z
      .strictObject({
        ...conferenceSettings,
        locales: conferenceSettings.locales.default(['en', 'zh-CN']),
        categories: conferenceSettings.categories.default(defaultCategories),
        help: help.default({}),
        breaks: conferenceSettings.breaks.default([]),
        state: conferenceSettings.state.default('published'),
        mode: conferenceSettings.mode.default('live'),
        eraseAfterDays: conferenceSettings.eraseAfterDays.default(90),
      })
      .refine((body) => body.startsOn <= body.endsOn, { path: ['endsOn'], message: 'before startsOn' }),
    answer: conference,
  }),
  changeConference: defineRoute({
    id: 'changeConference',
    service,
    method: 'PATCH',
    path: '/conferences/{slug}',
    params,
    summary: 'Changes settings of a conference.',
    who: ['organiser'],
    ifMatch: true,
    body: z.strictObject(conferenceSettings).omit({ slug: true }).partial(),
    answer: conference,
  }),
};
