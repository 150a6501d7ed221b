import type { Bindings } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { isBound, placesOf } from './bindings';

/** Where a device stands, in words. */
export function Places({
  bindings,
  gates,
}: {
  bindings: Bindings;
  gates: ReadonlyMap<string, { name: string }> | undefined;
}) {
  const t = useTranslations('organiser.devices');
  const { locale } = useLanguage();
  if (!isBound(bindings)) return <span className="text-ink-2">{t('nowhere')}</span>;
  const places = placesOf(bindings, gates ?? new Map());
  const list = (names: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
  const parts = [
    places.venue && t('atVenue'),
    places.rooms.length > 0 && t('atRooms', { count: places.rooms.length, rooms: list(places.rooms) }),
    places.gates.length > 0 && t('atGates', { count: places.gates.length, gates: list(places.gates) }),
    // While the gates are not known yet, one cannot say that they are gone.
    gates !== undefined && places.lost > 0 && t('atLost', { count: places.lost }),
  ].filter((part) => part !== false);
  return <bdi>{parts.join(t('andThen'))}</bdi>;
}
