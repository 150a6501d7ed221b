import { z } from 'zod';
import { isInReach } from './zoned-time';

/** UUIDv7 as made by Plenary; any UUID is accepted on input, since devices make their own. */
export const id = z.uuid();
const inReach = (value: string) => isInReach(Date.parse(value));
/** An instant, RFC 3339 with offset, between 1970 and 2200. */
export const instant = z.iso.datetime({ offset: true }).refine(inReach, 'not between 1970 and 2200');
/** A day in the conference's time zone, `2026-05-21`, between 1970 and 2200. */
export const day = z.iso.date().refine(inReach, 'not between 1970 and 2200');
/** A time of day in the conference's time zone, `08:30`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/);
export const locale = z.enum(['en', 'zh-CN']);
export type Locale = z.output<typeof locale>;

/** A line of text as people write it: trimmed, no control characters, bounded in characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'control characters are not allowed')
    .regex(/^\P{Surrogate}*$/u, 'half of a surrogate pair is not a character');
/** Running text; line breaks and tabs are kept. */
export const prose = (max: number) =>
  z
    .string()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'control characters are not allowed')
    .regex(/^\P{Surrogate}*$/u, 'half of a surrogate pair is not a character');

/** A text for people in one or both languages. */
export const text = (max: number) =>
  z
    .strictObject({ en: prose(max).optional(), 'zh-CN': prose(max).optional() })
    .refine((value) => Boolean(value.en?.trim() || value['zh-CN']?.trim()), {
      message: 'at least one language is needed',
    });
export type Text = { en?: string | undefined; 'zh-CN'?: string | undefined };

export const version = z.int().min(1);
export const organisationLink = z.strictObject({ name: line(200), url: z.url().max(500).optional() });

/** RFC 9457, with a stable `code` and one entry per offending field. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  traceId: z.string().optional(),
});
export type ProblemDocument = z.output<typeof problem>;

/** `?limit` and `?cursor`, to be spread into a list's query. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
};
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
/** A flag in a query string. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
