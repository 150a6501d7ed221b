import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LocalText } from '../shell/local-text';
import { timeOf } from '../shell/venue-time';
import { Button } from '../ui/button';
import { StateText } from '../ui/chip';
import { classNames } from '../ui/class-names';
import { directionsOf, type PlacedGate } from './gates';
import type { Sayings } from './verdict-words';

/** So many gates are seen at once; the others behind a button. */
const SHOWN = 4;

/** Which gate, and in or out: the one that is open now stands first. */
export function GateChoice({
  gates,
  chosen,
  direction,
  onChoose,
  timeZone,
  say,
}: {
  gates: readonly PlacedGate[];
  chosen: PlacedGate | undefined;
  direction: 'entry' | 'exit';
  onChoose: (gate: PlacedGate, direction: 'entry' | 'exit') => void;
  timeZone: string;
  say: Sayings;
}) {
  const t = useTranslations('door');
  const name = useId();
  const [all, setAll] = useState(false);
  const first = gates.slice(0, SHOWN);
  const others = gates.slice(SHOWN).filter(({ gate }) => all || gate.id === chosen?.gate.id);
  const hidden = gates.length - first.length - others.length;
  const directions = chosen ? directionsOf(chosen.gate) : [];
  return (
    <>
      {chosen && (
        <fieldset>
          <legend className="mb-2 font-semibold">{t('direction.label')}</legend>
          <div className="flex gap-3">
            {directions.map((one) => (
              <label
                key={one}
                className={classNames(
                  'flex min-h-16 flex-1 items-center justify-center gap-3 rounded-card border bg-paper px-4 text-xl font-bold',
                  one === direction ? 'border-accent ring-2 ring-accent' : 'border-edge',
                )}
              >
                <input
                  type="radio"
                  name={`${name}-direction`}
                  checked={one === direction}
                  onChange={() => onChoose(chosen, one)}
                />
                {t(`direction.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <fieldset className="grid gap-3">
        <legend className="mb-2 font-semibold">{t('setup.gates')}</legend>
        {[...first, ...others].map((placed) => (
          <label
            key={placed.gate.id}
            className={classNames(
              'flex min-h-16 items-start gap-4 rounded-card border bg-paper p-4',
              placed.gate.id === chosen?.gate.id ? 'border-accent ring-2 ring-accent' : 'border-edge',
            )}
          >
            <input
              type="radio"
              name={name}
              className="mt-1.5"
              checked={placed.gate.id === chosen?.gate.id}
              onChange={() => onChoose(placed, directionFor(placed, direction))}
            />
            <GateLines placed={placed} timeZone={timeZone} say={say} />
          </label>
        ))}
        {hidden > 0 && (
          <Button size="door" look="quiet" onClick={() => setAll(true)}>
            {t('setup.showAll', { n: hidden })}
          </Button>
        )}
      </fieldset>
    </>
  );
}

/** Where, what and when, and whether it is open now. */
function GateLines({ placed, timeZone, say }: { placed: PlacedGate; timeZone: string; say: Sayings }) {
  const t = useTranslations('door.setup');
  const { gate, subForum, time, opensAt } = placed;
  const state = {
    now: t('openNow'),
    later: opensAt === null ? t('openNow') : t('opens', { time: say.time(new Date(opensAt).toISOString()) }),
    over: t('ended'),
    off: t('switchedOff'),
    cancelled: t('cancelled'),
  }[time];
  const shape = { now: '●', later: '◆', over: '–', off: '■', cancelled: '×' }[time];
  const tone = ({ now: 'ok', later: 'warn', over: 'neutral', off: 'bad', cancelled: 'bad' } as const)[time];
  return (
    <span className="grid min-w-0 gap-0.5">
      <span className="text-xl font-bold">{gate.name}</span>
      <span>{subForum ? <LocalText of={subForum.title} /> : !gate.subForumId && t('venue')}</span>
      {subForum && (
        <span className="text-ink-2">{`${say.time(subForum.startsAt)}–${timeOf(subForum.endsAt, timeZone)}`}</span>
      )}
      <StateText tone={tone} shape={shape}>
        {state}
      </StateText>
    </span>
  );
}

/** The wished direction where the gate has it, else its own. */
export function directionFor({ gate }: PlacedGate, wished: 'entry' | 'exit'): 'entry' | 'exit' {
  const [own = 'entry', ...more] = directionsOf(gate);
  return own === wished || more.includes(wished) ? wished : own;
}
