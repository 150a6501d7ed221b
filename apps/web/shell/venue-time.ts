import type { Locale } from '@plenary/contracts';

/**
 * Times of a conference, always in its own zone and on the 24-hour clock. Instants are RFC 3339 or ms since the epoch;
 * days are `2026-05-21`.
 */

const formats = new Map<string, Intl.DateTimeFormat>();
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(locale, options);
    formats.set(key, known);
  }
  return known;
}

/** `09:30` */
export function timeOf(at: string | number, timeZone: string): string {
  return format('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

/** `09:30:05` */
export function secondOf(at: string | number, timeZone: string): string {
  return format('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(
    new Date(at),
  );
}

/** The day of an instant at the venue, `2026-05-21`. */
export function dayAt(at: string | number, timeZone: string): string {
  return format('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at));
}

/** `Thu 21 May`, `5月21日 (周四)` */
export function dayName(day: string, locale: Locale): string {
  const at = new Date(`${day}T12:00:00Z`);
  const part = (options: Intl.DateTimeFormatOptions) => format(locale, { timeZone: 'UTC', ...options }).format(at);
  const weekday = part({ weekday: 'short' });
  return locale === 'zh-CN'
    ? `${part({ month: 'long', day: 'numeric' })} (${weekday})`
    : `${weekday} ${part({ day: 'numeric' })} ${part({ month: 'short' })}`;
}

/** `09:30–12:30`; the day before the end where it is another one, but midnight belongs to the evening before: `21:00–24:00`. */
export function spanOf(from: string, to: string, timeZone: string, locale: Locale): string {
  const [start, end] = [dayAt(from, timeZone), dayAt(to, timeZone)];
  const last = timeOf(to, timeZone);
  if (last === '00:00' && start === dayAt(Date.parse(to) - 1, timeZone)) return `${timeOf(from, timeZone)}–24:00`;
  return `${timeOf(from, timeZone)}–${start === end ? '' : `${dayName(end, locale)} `}${last}`;
}

/** The zone as people know it: `China Standard Time`, `中国标准时间`. */
export function zoneName(timeZone: string, locale: Locale, at: number = Date.now()): string {
  const parts = format(locale, { timeZone, timeZoneName: 'long' }).formatToParts(new Date(at));
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
