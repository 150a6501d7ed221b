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

/** Seats, or what has become of the choice; and what a clash is with. `tight`: in two lines, as a row of the grid has them. */
export function Standing({ entry, picking, tight }: { entry: Entry; picking: Picking; tight?: boolean }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const { timeZone } = picking.conference;
  const [clash] = entry.clashes;
  const states = (
    <span className={classNames('inline-flex flex-wrap items-baseline gap-x-3', tight && 'me-3')}>
      {entry.chosen && (
        <span className="text-sm font-semibold text-accent">
          <span aria-hidden="true">{marks.chosen} </span>
          {t('inPlan')}
        </span>
      )}
      {entry.held ? <HeldLabel held={entry.held} /> : <SeatLabel seats={entry.seats} />}
    </span>
  );
  // What nobody can choose any more has nothing to clash about, unless it is in the plan.
  const clashing = clash && (entry.chosen || mayBeChosen(entry.seats.state)) && (
    <span className={classNames('text-ink-2', tight ? 'text-xs' : 'text-sm')}>
      <span aria-hidden="true">{marks.clash}</span>
      {t.rich('clash', {
        name: () => <LocalText key="name" of={clash.title} />,
        time: spanOf(clash.startsAt, clash.endsAt, timeZone, locale),
      })}
    </span>
  );
  return tight ? (
    <div className="line-clamp-2 min-w-0 leading-tight">
      {states}
      {clashing}
    </div>
  ) : (
    <div className="grid min-w-0 gap-0.5">
      {states}
      {clashing}
    </div>
  );
}

/** The one thing to do with a sub-forum: choose, join the waitlist, swap, or drop. Nothing where nothing can be done. */
export function Act({
  subForum,
  entry,
  picking,
  look = 'plain',
  small = false,
  className,
}: {
  subForum: SubForumCard;
  entry: Entry;
  picking: Picking;
  look?: 'plain' | 'primary';
  /** One of many: drawn smaller than it is to the finger. */
  small?: boolean;
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
      look={act === 'drop' ? 'plain' : look}
      size={small ? 'small' : 'normal'}
      className={classNames(
        'shrink-0',
        small && "relative after:absolute after:inset-x-0 after:-inset-y-1.5 after:content-['']",
        className,
      )}
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
