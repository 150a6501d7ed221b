import type { Registration, SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { dayAt, dayName, spanOf } from '../../shell/venue-time';
import { Chip } from '../../ui/chip';
import { useConference } from '../frame/conference-context';
import { useStaff } from '../session/session';
import { Card } from './card';
import { seatTones, useSeatWords } from './chips';

/** The chosen sub-forums, each with what has become of it. */
export function SeatsCard({
  slug,
  choices,
  subForums,
}: {
  slug: string;
  choices: Registration['choices'];
  subForums: ReadonlyMap<string, SubForumCard>;
}) {
  const t = useTranslations('organiser.registrations');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  const { can } = useStaff();
  const words = useSeatWords();
  return (
    <Card title={t('detail.seats')}>
      {choices.length === 0 && <p className="text-ink-2">{t('detail.noSeats')}</p>}
      <ul className="grid gap-3">
        {choices.map((choice) => {
          const { subForumId, state, reason, replaces } = choice;
          const subForum = subForums.get(subForumId);
          const replaced = replaces ? subForums.get(replaces) : undefined;
          return (
            <li
              key={subForumId}
              className="flex flex-wrap items-start gap-x-4 gap-y-1 border-t border-line pt-3 first:border-0 first:pt-0"
            >
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-semibold">
                  {subForum &&
                    (can('changeSubForum', subForumId) ? (
                      <Link href={`/organiser/${slug}/sub-forums/${subForumId}`}>
                        <LocalText of={subForum.title} />
                      </Link>
                    ) : (
                      <LocalText of={subForum.title} />
                    ))}
                </p>
                {subForum && (
                  <p className="text-sm text-ink-2">
                    {`${dayName(dayAt(subForum.startsAt, timeZone), locale)} ${spanOf(subForum.startsAt, subForum.endsAt, timeZone, locale)} · `}
                    <bdi>{subForum.room}</bdi>
                  </p>
                )}
                {replaced && (
                  <p className="text-sm">
                    {t.rich('detail.replaces', { name: () => <LocalText of={replaced.title} /> })}
                  </p>
                )}
                {reason && <p className="text-sm">{t(`reasons.${reason}`)}</p>}
              </div>
              <Chip tone={seatTones[state]}>{words(choice)}</Chip>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
