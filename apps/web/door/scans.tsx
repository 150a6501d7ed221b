import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { PersonName } from '../shell/local-text';
import { useNow } from '../shell/use-now';
import { secondOf } from '../shell/venue-time';
import { classNames } from '../ui/class-names';
import { VerdictMark } from '../ui/verdict';
import { type Entry, nameIn, needsAttention, undoableUntil } from './scan-list';
import { Sheet } from './sheet';
import { type Sayings, verdictWords } from './verdict-words';

/** The last scans of this device; a wrong one is taken back here, too. */
export function Scans({
  entries,
  say,
  timeZone,
  offsetMs,
  rehearsal,
  covered,
  problemOf,
  busy,
  onUndo,
  onClose,
}: {
  entries: readonly Entry[];
  say: Sayings;
  timeZone: string;
  offsetMs: number;
  rehearsal: boolean;
  covered: boolean;
  /** Why a scan could not be taken back. */
  problemOf: (entry: Entry) => string | undefined;
  busy: string | undefined;
  onUndo: (entry: Entry) => void;
  onClose: () => void;
}) {
  const t = useTranslations('door.scans');
  const [attention, setAttention] = useState(false);
  const pressing = entries.filter(needsAttention);
  const listed = attention ? pressing : entries;
  const now = useNow(10_000) + offsetMs;
  return (
    <Sheet title={t('title')} onClose={onClose} rehearsal={rehearsal} covered={covered}>
      <fieldset aria-label={t('title')} className="flex gap-3">
        {[false, true].map((one) => (
          <button
            key={String(one)}
            type="button"
            aria-pressed={attention === one}
            onClick={() => setAttention(one)}
            className={classNames(
              'min-h-16 grow rounded-control border px-3 font-semibold',
              attention === one ? 'border-accent bg-accent-soft text-ink' : 'border-edge bg-paper',
            )}
          >
            {one ? t('attention', { n: pressing.length }) : t('all', { n: entries.length })}
          </button>
        ))}
      </fieldset>
      {listed.length === 0 && <p>{entries.length === 0 ? t('empty') : t('calm')}</p>}
      <ul className="grid gap-3">
        {listed.map((entry) => (
          <Line
            key={entry.scanId}
            entry={entry}
            say={say}
            time={secondOf(entry.at + offsetMs, timeZone)}
            problem={problemOf(entry)}
            busy={busy === entry.scanId}
            onUndo={now < (undoableUntil(entry) ?? 0) ? () => onUndo(entry) : undefined}
          />
        ))}
      </ul>
      {listed.length > 0 && <p className="text-ink-2">{t('kept')}</p>}
    </Sheet>
  );
}

function Line({
  entry,
  say,
  time,
  problem,
  busy,
  onUndo,
}: {
  entry: Entry;
  say: Sayings;
  time: string;
  problem: string | undefined;
  busy: boolean;
  onUndo: (() => void) | undefined;
}) {
  const t = useTranslations('door');
  const words = verdictWords(entry.outcome, say);
  const name = nameIn(entry);
  const headline = t(`headline.${words.headline}`, { ...words.args });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-line bg-paper p-3">
      <VerdictMark of={words.class} label={t(`word.${words.class}`)} className="size-12" />
      <span className="grid min-w-0 flex-1 basis-40">
        <span className="font-bold">{name ? <PersonName name={name} /> : headline}</span>
        <span className="text-ink-2">
          {time} {name && headline}
        </span>
        {entry.undone && <span className="font-semibold">{t('scans.undone')}</span>}
        <span role="alert" className="font-semibold text-bad">
          {problem && `${t('verdict.undoFailed')} ${problem}`}
        </span>
      </span>
      {onUndo && (
        <button
          type="button"
          onClick={onUndo}
          aria-disabled={busy || undefined}
          aria-label={t('scans.undoOf', { name: name ?? time })}
          className="min-h-16 rounded-control border border-edge bg-paper px-4 font-semibold"
        >
          {t('undo')}
        </button>
      )}
    </li>
  );
}
