import type { SubForum } from '@plenary/contracts';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Meter } from '../../ui/meter';
import { type AtSubForum, capOf, minutesToFull } from '../live/board';

/** The numbers of a sub-forum, live where this member of staff may watch. */
export function Figures({ subForum, live, now }: { subForum: SubForum; live: AtSubForum | undefined; now: number }) {
  const t = useTranslations('organiser.live');
  const { confirmed, waitlisted } = live ?? subForum;
  const cap = capOf(subForum);
  const minutes = live && minutesToFull(live, now);
  return (
    <section aria-label={t('column.fill')} className="grid gap-3 rounded-card border border-line bg-paper p-4">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure name={t('column.confirmed')}>
          {confirmed}
          <span className="font-normal text-ink-2">{` / ${subForum.capacity ?? t('noLimit')}`}</span>
        </Figure>
        <Figure name={t('column.waitlisted')}>{waitlisted}</Figure>
        {live && (
          <>
            <Figure name={t('column.admitted')}>{live.admitted}</Figure>
            <Figure name={t('column.inside')}>
              {live.inside}
              {cap !== null && <span className="font-normal text-ink-2">{` / ${cap}`}</span>}
            </Figure>
            <Figure name={t('column.noShows')}>{live.noShows}</Figure>
            <Figure name={t('column.walkIns')}>{live.walkIns}</Figure>
            <Figure name={t('total.perMinute')}>{live.arrivalsPerMinute}</Figure>
            {minutes !== undefined && (
              <Figure name={t('column.fullIn')}>
                <span className="text-warn">{t('minutes', { minutes })}</span>
              </Figure>
            )}
          </>
        )}
      </dl>
      <Meter
        max={subForum.capacity}
        promised={confirmed}
        {...(live && { taken: live.inside })}
        cap={subForum.roomCap}
        label={
          subForum.capacity === null
            ? t('meterNoLimit', { confirmed, inside: live?.inside ?? 0 })
            : t('meter', { confirmed, capacity: subForum.capacity, inside: live?.inside ?? 0 })
        }
      />
    </section>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-ink-2">{name}</dt>
      <dd className="text-xl font-bold">{children}</dd>
    </div>
  );
}
