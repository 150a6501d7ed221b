import type { SubForum } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inOtherLanguage, LocalText, PersonName } from '../../shell/local-text';
import { spanOf } from '../../shell/venue-time';
import { Chevron } from '../programme/looks';

type Session = SubForum['sessions'][number];

/** The sessions as a timeline, with who speaks and for whom. */
export function Sessions({ sessions, timeZone }: { sessions: readonly Session[]; timeZone: string }) {
  const t = useTranslations('programme.page');
  const { locale } = useLanguage();
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="text-xl font-bold">{t('sessions')}</h2>
      {sessions.length === 0 ? (
        <p>{t('noSessions')}</p>
      ) : (
        <ol className="grid grid-cols-[minmax(0,1fr)] border-s-2 border-line">
          {sessions.map((session, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two sessions may be alike in all but their place
            <li key={place} className="relative grid grid-cols-[minmax(0,1fr)] gap-1 pb-5 ps-5">
              <span
                aria-hidden="true"
                className="absolute top-2 -left-[7px] size-3 rounded-full border-2 border-accent bg-canvas"
              />
              <p className="text-sm font-semibold text-ink-2">
                {spanOf(session.startsAt, session.endsAt, timeZone, locale)}
              </p>
              <Told session={session} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Told({ session }: { session: Session }) {
  const t = useTranslations('programme.page');
  const { locale } = useLanguage();
  const other = inOtherLanguage(session.title, locale);
  return (
    <>
      <h3 className="font-semibold">
        <LocalText of={session.title} />
      </h3>
      {other && (
        <p className="text-sm text-ink-2">
          <bdi lang={other.lang} dir="auto">
            {other.text}
          </bdi>
        </p>
      )}
      {session.speakers.length > 0 && (
        <ul className="grid gap-1">
          {session.speakers.map((speaker, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two speakers may have the same name
            <li key={place}>
              <PersonName name={speaker.name} />
              {(speaker.title || speaker.organisation) && (
                <span className="block text-sm text-ink-2">
                  {[speaker.title, speaker.organisation]
                    .filter((one) => one !== undefined)
                    .map((one, part) => (
                      <span key={one}>
                        {part > 0 && t('comma')}
                        <bdi>{one}</bdi>
                      </span>
                    ))}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {session.abstract && (
        <details className="group">
          <summary className="inline-flex min-h-11 items-center gap-1 text-sm font-semibold text-accent">
            <Chevron />
            {t('about')}
            <span className="sr-only">
              <LocalText of={session.title} />
            </span>
          </summary>
          <p className="max-w-prose whitespace-pre-line">
            <LocalText of={session.abstract} />
          </p>
        </details>
      )}
    </>
  );
}
