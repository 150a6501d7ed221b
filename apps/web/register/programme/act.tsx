import type { SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage, LocalText } from '../../shell/local-text';
import { spanOf } from '../../shell/venue-time';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';
import type { Entry, Picking } from './entry';
import { marks } from './looks';
import { HeldLabel, SeatLabel } from './seat-label';
import { mayBeChosen } from './seat-state';

/** Seats, or what has become of the choice; and what a clash is with. */
export function Standing({ entry, picking, tight }: { entry: Entry; picking: Picking; tight?: boolean }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const { timeZone } = picking.conference;
  const [clash] = entry.clashes;
  const offersSwap = clash && (entry.chosen || mayBeChosen(entry.seats.state));
  return (
    <div className={classNames('min-w-0', tight ? 'leading-tight' : 'grid gap-0.5')}>
      <div className="flex flex-wrap items-baseline gap-x-3">
        {entry.chosen && (
          <span className="text-sm font-semibold text-accent">
            <span aria-hidden="true">{marks.chosen} </span>
            {t('inPlan')}
          </span>
        )}
        {entry.held ? <HeldLabel held={entry.held} /> : <SeatLabel seats={entry.seats} />}
      </div>
      {offersSwap && (
        <p className={classNames('text-sm text-ink-2', tight && 'line-clamp-2 text-xs leading-tight')}>
          <span aria-hidden="true">{marks.clash} </span>
          {t.rich('clash', {
            name: () => <LocalText key="name" of={clash.title} />,
            time: spanOf(clash.startsAt, clash.endsAt, timeZone, locale),
          })}
        </p>
      )}
    </div>
  );
}

/** The one thing to do with a sub-forum: choose, join the waitlist, swap, or drop. Nothing where nothing can be done. */
export function Act({
  subForum,
  entry,
  picking,
  className,
}: {
  subForum: SubForumCard;
  entry: Entry;
  picking: Picking;
  className?: string;
}) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const { acts } = picking;
  const name = (one: SubForumCard) => inLanguage(one.title, locale).text;
  const old = entry.clashes.map(name).join(', ');
  if (!acts) return null;
  const act = entry.chosen
    ? 'drop'
    : !mayBeChosen(entry.seats.state)
      ? undefined
      : entry.clashes.length > 0
        ? 'swap'
        : entry.seats.state === 'full' && !entry.held
          ? 'wait'
          : 'choose';
  if (!act) return null;
  return (
    <Button
      look={act === 'drop' ? 'quiet' : 'plain'}
      className={classNames('shrink-0 text-sm', className)}
      aria-label={t(`actOn.${act}`, { name: name(subForum), old })}
      onClick={() => {
        if (act === 'drop') acts.drop(subForum);
        else if (act === 'swap') acts.swap(entry.clashes, subForum);
        else acts.choose(subForum);
      }}
    >
      {t(`act.${act}`)}
    </Button>
  );
}
