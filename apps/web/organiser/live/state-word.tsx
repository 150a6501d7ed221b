import { useTranslations } from 'use-intl';
import { Chip } from '../../ui/chip';
import { type FillState, looks } from './board';

/** A sub-forum's state: colour, shape and word. */
export function StateWord({ state }: { state: FillState }) {
  const t = useTranslations('organiser.live.state');
  return <Chip {...looks[state]}>{t(state)}</Chip>;
}
