import type { FoundAtGate } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { StateWord } from './state-word';
import type { Sayings } from './verdict-words';

/** How a person stands with this gate, each state with its shape. */
export function Seat({ person, say }: { person: FoundAtGate; say: Sayings }) {
  const t = useTranslations('door.search');
  const { seat, position, seatElsewhere, inside, status, badge } = person;
  const elsewhere = seatElsewhere && (seatElsewhere.room || say.text(seatElsewhere.title));
  return (
    <span className="flex flex-wrap gap-x-4 font-semibold">
      {status !== 'approved' && <StateWord tone="bad">{t(`status.${status}`)}</StateWord>}
      {badge === 'revoked' && <StateWord tone="bad">{t('revoked')}</StateWord>}
      {seat === 'confirmed' && <StateWord tone="ok">{t('seat')}</StateWord>}
      {seat === 'waitlisted' && (
        <StateWord tone="warn">{position === undefined ? t('waiting') : t('wait', { n: position })}</StateWord>
      )}
      {seat === 'none' && !elsewhere && <StateWord tone="neutral">{t('noSeat')}</StateWord>}
      {elsewhere && (
        <StateWord tone="info" shape="→">
          {t('elsewhere', { room: elsewhere })}
        </StateWord>
      )}
      {inside && (
        <StateWord tone="info" shape="▣">
          {t('inside')}
        </StateWord>
      )}
    </span>
  );
}
