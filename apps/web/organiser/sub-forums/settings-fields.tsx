import type { SubForum } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../shell/api';
import { Choice, Field as TextLine, Tick } from '../../ui/field';
import { useStaff } from '../session/session';
import type { Draft, Field } from './settings';

/** The fields; what a co-host may not set is not there. */
export function SettingsFields({
  draft,
  stored,
  wrong,
  refused,
  onChange,
}: {
  draft: Draft;
  stored: SubForum;
  wrong: readonly Field[];
  /** What the server said against it. */
  refused: unknown;
  onChange: (part: Partial<Draft>) => void;
}) {
  const t = useTranslations('organiser.subForums');
  const { can } = useStaff();
  const said =
    refused instanceof ApiError ? [refused.code, ...(refused.problem.errors?.map(({ code }) => code) ?? [])] : [];
  const capacityError = wrong.includes('capacity')
    ? t('wrong.capacity')
    : said.includes('capacity_above_room_cap')
      ? t('wrong.aboveRoomCap', { cap: stored.roomCap ?? stored.capacity ?? 0 })
      : said.includes('reserved_above_capacity')
        ? t('wrong.belowReserved', { reserved: stored.reserved })
        : undefined;
  return (
    <>
      {stored.admission === 'seat' ? (
        <fieldset className="grid gap-1">
          <legend className="sr-only">{t('field.capacity')}</legend>
          <TextLine
            label={t('field.capacity')}
            inputMode="numeric"
            autoComplete="off"
            value={draft.noLimit ? '' : draft.capacity}
            disabled={draft.noLimit}
            error={draft.noLimit ? undefined : capacityError}
            onChange={(event) => onChange({ capacity: event.target.value })}
            className="max-w-40 disabled:opacity-60"
          />
          <Tick
            label={t('noLimit')}
            checked={draft.noLimit}
            error={draft.noLimit ? capacityError : undefined}
            onChange={(event) => onChange({ noLimit: event.target.checked })}
          />
        </fieldset>
      ) : (
        <p className="text-ink-2">{t('noSeatNeeded')}</p>
      )}
      {can('createSubForum') && (
        <TextLine
          label={t('field.roomCap')}
          hint={t('hint.roomCap')}
          inputMode="numeric"
          autoComplete="off"
          value={draft.roomCap}
          error={wrong.includes('roomCap') ? t('wrong.roomCap') : undefined}
          onChange={(event) => onChange({ roomCap: event.target.value })}
          className="max-w-40"
        />
      )}
      <Choice
        label={t('field.walkIn')}
        hint={t('hint.walkIn')}
        value={draft.walkIn}
        onChange={(event) => onChange({ walkIn: event.target.value as Draft['walkIn'] })}
        className="max-w-72"
      >
        {(['off', 'from_start', 'always'] as const).map((policy) => (
          <option key={policy} value={policy}>
            {t(`walkIn.${policy}`)}
          </option>
        ))}
      </Choice>
      <TextLine
        label={t('field.releaseNoShowsAfterMinutes')}
        hint={t('hint.noShows')}
        inputMode="numeric"
        autoComplete="off"
        value={draft.noShowMinutes}
        error={wrong.includes('releaseNoShowsAfterMinutes') ? t('wrong.minutes') : undefined}
        onChange={(event) => onChange({ noShowMinutes: event.target.value })}
        className="max-w-40"
      />
      <div>
        <Tick
          label={t('field.reEntry')}
          checked={draft.reEntry}
          onChange={(event) => onChange({ reEntry: event.target.checked })}
        />
        <Tick
          label={t('field.state')}
          checked={draft.open}
          onChange={(event) => onChange({ open: event.target.checked })}
        />
      </div>
    </>
  );
}

/** A stored value in words. */
export function useValueWords(): (subForum: SubForum, field: Field) => string {
  const t = useTranslations('organiser.subForums');
  return (subForum, field) => {
    if (field === 'walkIn') return t(`walkIn.${subForum.walkIn}`);
    if (field === 'reEntry') return subForum.reEntry ? t('yes') : t('no');
    if (field === 'state') return subForum.state === 'scheduled' ? t('yes') : t('no');
    const value = subForum[field];
    if (value !== null && value !== undefined) return String(value);
    return field === 'capacity' ? t('noLimit') : field === 'roomCap' ? t('asCapacity') : t('never');
  };
}
