import type { Text } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { LocalText, PersonName } from '../shell/local-text';
import { classNames } from '../ui/class-names';
import { VerdictShape, verdictColours } from '../ui/verdict';
import { fitName } from './name-fit';
import { type Entry, nameIn } from './scan-list';
import { aroundOf } from './screen';
import type { Sayings, VerdictWords } from './verdict-words';

/** Two lines of a phone's width. */
const NAME_EM = 14;

const button =
  'min-h-18 rounded-control border-3 border-current bg-transparent px-4 text-xl font-bold focus-visible:outline-4 focus-visible:outline-current focus-visible:shadow-none aria-disabled:opacity-60';

export interface UndoState {
  busy: boolean;
  /** What is wrong, in words. */
  problem: string | undefined;
}

/**
 * The verdict, on the whole screen: colour, shape and word say what; the card says who; the box says what to do. It never
 * moves.
 */
export function VerdictScreen({
  entry,
  words,
  say,
  where,
  undo,
  onUndo,
  onRetry,
  onNext,
  rehearsal,
}: {
  entry: Entry;
  words: VerdictWords;
  say: Sayings;
  where: { gate: string; direction: 'entry' | 'exit' };
  undo: UndoState;
  /** undefined: it cannot be taken back. */
  onUndo: (() => void) | undefined;
  onRetry: (() => void) | undefined;
  onNext: () => void;
  rehearsal: boolean;
}) {
  const t = useTranslations('door');
  const verdict = entry.outcome.is === 'verdict' ? entry.outcome.verdict : undefined;
  const name = nameIn(entry);
  const ground = entry.undone ? 'bg-canvas text-ink' : verdictColours[words.class];
  return (
    <section
      aria-label={t('verdict.label')}
      data-verdict={entry.undone ? 'undone' : words.class}
      className={classNames(
        'fixed inset-0 z-30 flex flex-col overflow-y-auto text-door',
        ground,
        aroundOf(rehearsal),
        'pb-0!',
      )}
    >
      <div className="mx-auto flex w-full max-w-[760px] flex-1 flex-col gap-3">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 font-bold">
          <span>{where.gate}</span>
          <span>{t(`direction.${where.direction}`)}</span>
          {verdict && <Inside {...verdict.room} />}
        </p>
        <div className="flex flex-1 flex-col items-center justify-center gap-2 text-center">
          {entry.undone ? (
            <p className="text-2xl font-bold">{name ? t('verdict.undone', { name }) : t('verdict.undoneNobody')}</p>
          ) : (
            <>
              <VerdictShape
                of={words.class}
                className="size-[min(210px,25dvh)] [@media(max-height:700px)]:size-[15dvh] shrink-0"
              />
              <p className="text-[clamp(40px,14vw,72px)] leading-[1.1] font-black">{t(`word.${words.class}`)}</p>
              <h2 className="text-xl leading-snug font-bold">{t(`headline.${words.headline}`, { ...words.args })}</h2>
              <Person entry={entry} say={say} />
              {verdict?.inferredExit && words.class === 'in' && <p>{t('verdict.movedFrom')}</p>}
              {words.box && (
                <p className="mt-2 w-full rounded-card border-4 border-current px-4 py-3 text-xl leading-snug font-bold">
                  {t(`box.${words.box}`, { ...words.args })}
                </p>
              )}
              {verdict?.seatElsewhere && words.class === 'hold' && (
                <Elsewhere {...verdict.seatElsewhere} time={say.time(verdict.seatElsewhere.startsAt)} />
              )}
              {verdict?.walkInPlaces !== undefined && words.class === 'hold' && (
                <p>{t('verdict.places', { n: verdict.walkInPlaces })}</p>
              )}
            </>
          )}
          <p role="alert" className="font-bold">
            {undo.problem && `${t('verdict.undoFailed')} ${undo.problem}`}
          </p>
        </div>
        <div className={classNames('sticky bottom-0 -mx-1 flex gap-3 px-1 pt-2 pb-5', ground)}>
          {onUndo && (
            <button
              type="button"
              aria-disabled={undo.busy || undefined}
              onClick={onUndo}
              className={classNames(button, 'flex-1')}
            >
              {t('undo')}
            </button>
          )}
          {onRetry && (
            <button type="button" onClick={onRetry} className={classNames(button, 'flex-1')}>
              {t('verdict.retry')}
            </button>
          )}
          <button type="button" onClick={onNext} className={classNames(button, 'flex-1')}>
            {t('next')}
          </button>
        </div>
      </div>
    </section>
  );
}

function Inside({ inside, cap }: { inside: number; cap: number | null }) {
  const t = useTranslations('door.ready');
  return <span>{cap === null ? t('inside', { n: inside }) : t('insideOf', { n: inside, cap })}</span>;
}

/** Who it is; the name as large as it goes. */
function Person({ entry, say }: { entry: Entry; say: Sayings }) {
  const t = useTranslations('door.verdict');
  const name = nameIn(entry);
  if (!name) return null;
  const verdict = entry.outcome.is === 'verdict' ? entry.outcome.verdict : undefined;
  const { latinName, organisation, category } = verdict?.delegate ?? {};
  return (
    <>
      <p
        title={name}
        className="line-clamp-2 w-full text-[clamp(36px,12vw,64px)] leading-[1.15] font-black [overflow-wrap:anywhere] [&_*]:leading-[1.15]"
      >
        <span className="sr-only">
          <PersonName name={name} />
        </span>
        <span aria-hidden="true">
          <PersonName name={fitName(name, NAME_EM)} />
        </span>
      </p>
      {latinName && latinName !== name && (
        <p className="text-xl font-bold">
          <PersonName name={latinName} />
        </p>
      )}
      {verdict?.delegate && (
        <p>
          {organisation && (
            <>
              <bdi dir="auto">{organisation}</bdi>
              {'\u00a0· '}
            </>
          )}
          {say.category(category ?? '')}
        </p>
      )}
      {verdict?.method === 'name' && verdict.verdict === 'admitted' && <p>{t('byName')}</p>}
    </>
  );
}

function Elsewhere({ title, room, time }: { title: Text; room: string; time: string }) {
  const t = useTranslations('door.verdict');
  return (
    <p>
      <LocalText of={title} />
      {' · '}
      <bdi>{t('seatElsewhere', { room, time })}</bdi>
    </p>
  );
}
