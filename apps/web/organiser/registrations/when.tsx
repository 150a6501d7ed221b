import { useLanguage } from '../../shell/language-context';
import { dayAt, dayName, secondOf, timeOf } from '../../shell/venue-time';
import { useConference } from '../frame/conference-context';

/** An instant at the venue: `Thu 21 May 09:30`, with `seconds` to the second. */
export function When({ at, seconds = false }: { at: string; seconds?: boolean }) {
  const { timeZone } = useConference();
  const { locale } = useLanguage();
  return (
    <time dateTime={at} className="min-[480px]:whitespace-nowrap">
      {`${dayName(dayAt(at, timeZone), locale)} ${seconds ? secondOf(at, timeZone) : timeOf(at, timeZone)}`}
    </time>
  );
}
