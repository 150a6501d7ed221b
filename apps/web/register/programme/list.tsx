import type { SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { spanOf, timeOf } from '../../shell/venue-time';
import { classNames } from '../../ui/class-names';
import { Act, Standing } from './act';
import { Categories } from './categories';
import { type Break, groupsOf } from './days';
import { entryOf, type Picking } from './entry';
import { Chevron, hatched } from './looks';
import { mayBeChosen } from './seat-state';

/** A day as a list by start, for narrow screens. What is over is folded away, so what runs now comes first. */
export function List({
  subForums,
  breaks,
  picking,
}: {
  subForums: readonly SubForumCard[];
  breaks: readonly Break[];
  picking: Picking;
}) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const { timeZone } = picking.conference;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {groupsOf(subForums, breaks).map((group) =>
        group.kind === 'break' ? (
          <p
            key={`break ${group.startsAt}`}
            className="flex flex-wrap gap-x-3 rounded-control bg-sunk px-4 py-2.5 font-semibold"
          >
            <span>{spanOf(group.pause.startsAt, group.pause.endsAt, timeZone, locale)}</span>
            <LocalText of={group.pause.name} />
          </p>
        ) : (
          <details
            key={group.startsAt}
            className="group"
            open={group.subForums.some((one) => Date.parse(one.endsAt) > picking.now)}
          >
            <summary className="flex min-h-11 scroll-mt-20 flex-wrap items-center gap-x-3 border-b border-line">
              <Chevron />
              <h3 className="text-lg font-bold">{timeOf(group.startsAt, timeZone)}</h3>
              <span className="text-sm text-ink-2">{t('found', { n: group.subForums.length })}</span>
            </summary>
            <ul className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-3">
              {group.subForums.map((subForum) => (
                <Card key={subForum.id} subForum={subForum} picking={picking} />
              ))}
            </ul>
          </details>
        ),
      )}
    </div>
  );
}

function Card({ subForum, picking }: { subForum: SubForumCard; picking: Picking }) {
  const { locale } = useLanguage();
  const entry = entryOf(subForum, picking);
  const { slug, timeZone } = picking.conference;
  return (
    <li
      className={classNames(
        'grid gap-1 rounded-card border p-3 [content-visibility:auto] [contain-intrinsic-size:auto_140px]',
        entry.chosen
          ? 'border-accent bg-accent-soft outline-1 outline-accent'
          : entry.clashes.length > 0 && mayBeChosen(entry.seats.state)
            ? `border-edge ${hatched}`
            : 'border-line bg-paper',
      )}
    >
      <Link
        href={`/c/${slug}/sub-forums/${subForum.id}`}
        className={classNames(
          'flex min-h-11 scroll-mt-20 items-center font-semibold text-ink no-underline',
          entry.seats.state === 'cancelled' && 'line-through',
        )}
      >
        <span className="line-clamp-3">
          <LocalText of={subForum.title} />
        </span>
      </Link>
      <p className="flex flex-wrap gap-x-3 text-sm text-ink-2">
        <span>{spanOf(subForum.startsAt, subForum.endsAt, timeZone, locale)}</span>
        <span>{subForum.room}</span>
      </p>
      <Categories of={subForum} conference={picking.conference} />
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <Standing entry={entry} picking={picking} />
        <Act subForum={subForum} entry={entry} picking={picking} className="ms-auto scroll-mt-20" />
      </div>
    </li>
  );
}
