import type { SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { spanOf, timeOf } from '../../shell/venue-time';
import { classNames } from '../../ui/class-names';
import { Act, Standing } from './act';
import { Categories } from './categories';
import type { Break } from './days';
import { type Entry, entryOf, type Picking } from './entry';
import { type Axis, axisOf, gapsOf, type Place, placeOf } from './grid-layout';
import { hatched } from './looks';
import { mayBeChosen } from './seat-state';
import { useWide } from './use-wide';

/** A day as a table: a row is a sub-forum, columns are time, so that all of it fits without scrolling sideways. */
export function Grid({
  subForums,
  breaks,
  picking,
  label,
}: {
  subForums: readonly SubForumCard[];
  breaks: readonly Break[];
  picking: Picking;
  label: string;
}) {
  const t = useTranslations('programme');
  const roomy = useWide(1200);
  const { timeZone } = picking.conference;
  const pauses = breaks.map((pause) => ({ ...pause, id: pause.startsAt }));
  const axis = axisOf([...subForums, ...pauses], timeZone);
  const places = pauses.map((pause) => placeOf(pause, axis));
  return (
    <table className="w-full table-fixed border-collapse border-y border-line bg-paper">
      <caption className="sr-only">{label}</caption>
      <Columns axis={axis} />
      <thead className="sticky top-16 z-10 bg-canvas">
        <tr>
          <th scope="col" className="px-3 py-1.5 text-start text-sm font-semibold">
            {t('subForum')}
          </th>
          {axis.hours.map((hour, index) => (
            <th
              // biome-ignore lint/suspicious/noArrayIndexKey: hours have no other name, a day may have the same one twice
              key={index}
              scope="colgroup"
              colSpan={hour.columns}
              className="border-s border-line px-1.5 py-1.5 text-start text-sm font-semibold text-ink-2"
            >
              {hour.label}
            </th>
          ))}
        </tr>
        {pauses.length > 0 && <Pauses axis={axis} pauses={pauses} timeZone={timeZone} />}
      </thead>
      <tbody>
        {subForums.map((subForum) => (
          <Row key={subForum.id} subForum={subForum} axis={axis} pauses={places} picking={picking} roomy={roomy} />
        ))}
      </tbody>
    </table>
  );
}

/** One `<col>` a step of the axis, an hour together. */
function Columns({ axis }: { axis: Axis }) {
  const each = axis.hours[0]?.columns ?? 1;
  return (
    <>
      <colgroup>
        <col className="w-72 min-[1200px]:w-[26rem]" />
      </colgroup>
      {axis.hours.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hours have no other name, a day may have the same one twice
        <colgroup key={index} span={each} />
      ))}
    </>
  );
}

function Pauses({
  axis,
  pauses,
  timeZone,
}: {
  axis: Axis;
  pauses: readonly (Break & { id: string })[];
  timeZone: string;
}) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const cells = [];
  let column = 0;
  for (const pause of pauses) {
    const { before, during } = placeOf(pause, axis);
    if (before < column) continue;
    if (before > column) cells.push(<td key={`before ${pause.id}`} colSpan={before - column} />);
    cells.push(
      <th
        key={pause.id}
        scope="colgroup"
        colSpan={during}
        title={spanOf(pause.startsAt, pause.endsAt, timeZone, locale)}
        className="truncate px-1 py-1 text-start text-xs font-semibold text-ink-2"
      >
        <span className="sr-only">{timeOf(pause.startsAt, timeZone)} </span>
        <LocalText of={pause.name} />
      </th>,
    );
    column = before + during;
  }
  if (column < axis.columns) cells.push(<td key="rest" colSpan={axis.columns - column} />);
  return (
    <tr className="border-t border-line">
      <th scope="row" className="px-3 py-1 text-start text-xs font-semibold text-ink-2">
        {t('breaks')}
      </th>
      {cells}
    </tr>
  );
}

function Row({
  subForum,
  axis,
  pauses,
  picking,
  roomy,
}: {
  subForum: SubForumCard;
  axis: Axis;
  pauses: readonly Place[];
  picking: Picking;
  roomy: boolean;
}) {
  const entry = entryOf(subForum, picking);
  const place = placeOf(subForum, axis, roomy ? undefined : 0.45);
  const address = `/c/${picking.conference.slug}/sub-forums/${subForum.id}`;
  return (
    <tr className="border-t border-line">
      <th scope="row" className="px-3 py-0.5 text-start align-middle font-normal">
        <div className="flex items-center gap-3">
          <span
            title={subForum.room}
            className="line-clamp-2 w-16 shrink-0 text-xs leading-tight font-semibold text-ink-2 min-[1200px]:w-24 min-[1200px]:text-sm min-[1200px]:leading-tight"
          >
            {subForum.room}
          </span>
          <Link
            href={address}
            className={classNames(
              'flex min-h-11 min-w-0 flex-1 scroll-mt-36 flex-col justify-center text-sm leading-tight font-semibold text-ink no-underline hover:text-accent hover:underline',
              entry.seats.state === 'cancelled' && 'line-through',
            )}
          >
            <span className="line-clamp-2">
              <LocalText of={subForum.title} />
            </span>
            <Categories of={subForum} conference={picking.conference} />
          </Link>
        </div>
      </th>
      <Gaps from={0} to={place.before} axis={axis} pauses={pauses} />
      <Bar subForum={subForum} entry={entry} place={place} picking={picking} address={address} />
      <Gaps from={place.before + place.during} to={axis.columns} axis={axis} pauses={pauses} />
    </tr>
  );
}

function Gaps({ from, to, axis, pauses }: { from: number; to: number; axis: Axis; pauses: readonly Place[] }) {
  return gapsOf(from, to, axis, pauses).map(({ column, columns, pause }) => (
    <td key={column} colSpan={columns} className={classNames('border-s border-line', pause && 'bg-sunk')} />
  ));
}

function Bar({
  subForum,
  entry,
  place,
  picking,
  address,
}: {
  subForum: SubForumCard;
  entry: Entry;
  place: Place;
  picking: Picking;
  address: string;
}) {
  const { locale } = useLanguage();
  const when = spanOf(subForum.startsAt, subForum.endsAt, picking.conference.timeZone, locale);
  return (
    <td colSpan={place.during} className="relative p-0.5 align-middle">
      <span className="sr-only">{when}</span>
      {/* For the pointer alone: the link of the row's title leads to the same place. */}
      <Link
        href={address}
        aria-hidden="true"
        tabIndex={-1}
        title={when}
        className={classNames('absolute inset-x-px inset-y-0.5 rounded-control border', barLook(entry))}
      />
      <div
        className={classNames(
          'pointer-events-none flex items-center gap-2',
          place.words === 'in' && 'relative px-2.5',
          place.words === 'after' && 'absolute inset-y-0 left-full max-w-[28rem] px-2',
          place.words === 'before' && 'absolute inset-y-0 right-full max-w-[28rem] flex-row-reverse px-2 text-end',
        )}
        // Beside the bar there is room to where the axis ends.
        style={place.words === 'in' ? undefined : { width: `${(100 * place[place.words]) / place.during}%` }}
      >
        <Standing entry={entry} picking={picking} tight />
        <Act
          subForum={subForum}
          entry={entry}
          picking={picking}
          small
          className={classNames('pointer-events-auto scroll-mt-36', place.words === 'in' && 'ms-auto')}
        />
      </div>
    </td>
  );
}

/** A choice shades its span, what clashes is hatched. */
function barLook({ chosen, clashes, seats }: Entry): string {
  if (chosen) return 'border-2 border-accent bg-accent-soft';
  if (!mayBeChosen(seats.state)) return 'border-line bg-sunk';
  if (clashes.length > 0) return `border-edge ${hatched}`;
  return seats.state === 'full' ? 'border-line bg-sunk' : 'border-edge bg-paper';
}
