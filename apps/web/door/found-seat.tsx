import type { FoundAtGate } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { StateText } from '../ui/chip';
import type { Sayings } from './verdict-words';

/** How a person stands with this gate, each state with its shape. */
export function Seat({ person, say }: { person: FoundAtGate; say: Sayings }) {
  const t = useTranslations('door.search');
  const { seat, position, seatElsewhere, inside, status, badge } = person;
  const elsewhere = seatElsewhere && (seatElsewhere.room || say.text(seatElsewhere.title));
  return (
    <span className="flex flex-wrap gap-x-4 font-semibold">
      {status !== 'approved' && <StateText tone="bad">{t(`status.${status}`)}</StateText>}
      {badge === 'revoked' && <StateText tone="bad">{t('revoked')}</StateText>}
      {seat === 'confirmed' && <StateText tone="ok">{t('seat')}</StateText>}
      {seat === 'waitlisted' && (
        <StateText tone="warn">{position === undefined ? t('waiting') : t('wait', { n: position })}</StateText>
      )}
      {seat === 'none' && !elsewhere && <StateText tone="neutral">{t('noSeat')}</StateText>}
      {elsewhere && (
        <StateText tone="info" shape="→">
          {t('elsewhere', { room: elsewhere })}
        </StateText>
      )}
      {inside && (
        <StateText tone="info" shape="▣">
          {t('inside')}
        </StateText>
      )}
    </span>
  );
}
