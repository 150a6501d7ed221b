import type { Bindings, Gate, SubForumCard } from '@plenary/contracts';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Tick } from '../../ui/field';
import { isBound } from './bindings';

export interface DeviceDraft {
  name: string;
  bindings: Bindings;
}

/** Asks for a device's name and for where it stands. `onSave` throws what the server says; the input is kept then. */
export function DeviceForm({
  title,
  action,
  first,
  gates,
  subForums,
  onSave,
  onClose,
}: {
  title: string;
  action: string;
  first: DeviceDraft;
  gates: readonly Gate[];
  subForums: ReadonlyMap<string, SubForumCard>;
  onSave: (draft: DeviceDraft) => Promise<unknown>;
  onClose: () => void;
}) {
  const t = useTranslations('organiser.devices');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const [name, setName] = useState(first.name);
  const [bindings, setBindings] = useState(first.bindings);
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useId();

  const known = new Set([...subForums.values()].map(({ room }) => room));
  const rooms = [...new Set([...known, ...bindings.rooms])]
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((room) => ({ value: room, name: room }));
  const single = gates.map(({ id, name: gate, subForumId }) => {
    const subForum = subForumId ? subForums.get(subForumId) : undefined;
    return { value: id, name: gate, more: subForum ? inLanguage(subForum.title, locale).text : t('venueGate') };
  });
  const nameless = name.trim() === '';
  const nowhere = !isBound(bindings);

  async function save() {
    setSent(true);
    if (nameless || nowhere || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onSave({ name: name.trim(), bindings });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {error !== undefined && <ProblemBanner error={error} />}
        <Field
          label={t('name')}
          hint={t('nameHint')}
          value={name}
          maxLength={120}
          autoComplete="off"
          error={sent && nameless ? t('nameMissing') : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <fieldset className="grid gap-3">
          <legend className="mb-1 font-semibold">{t('where')}</legend>
          <p className={sent && nowhere ? 'text-sm font-semibold text-bad' : 'text-sm text-ink-2'}>
            {sent && nowhere ? t('whereMissing') : t('whereHint')}
          </p>
          <Tick
            label={t('venueTick')}
            checked={bindings.venue}
            onChange={({ target }) => setBindings({ ...bindings, venue: target.checked })}
          />
          <div className="grid gap-4 md:grid-cols-2">
            <Several
              label={t('rooms')}
              options={rooms}
              chosen={bindings.rooms}
              onChange={(chosen) => setBindings({ ...bindings, rooms: chosen })}
            />
            <Several
              label={t('singleGates')}
              options={single}
              chosen={bindings.gateIds}
              onChange={(chosen) => setBindings({ ...bindings, gateIds: chosen })}
            />
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}

/** Any number of a long list: a search, and boxes to tick. What is chosen stands first and stays, whatever is searched. */
function Several({
  label,
  options,
  chosen,
  onChange,
}: {
  label: string;
  options: readonly { value: string; name: string; more?: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const t = useTranslations('organiser.devices');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLocaleLowerCase();
  const found = options.filter(({ name, more = '' }) => `${name} ${more}`.toLocaleLowerCase().includes(wanted));
  return (
    <fieldset className="grid min-w-0 content-start gap-2">
      <legend className="mb-1 font-semibold">
        {label} <span className="font-normal text-ink-2">{t('chosen', { count: chosen.length })}</span>
      </legend>
      <input
        type="search"
        aria-label={t('searchIn', { list: label })}
        placeholder={t('search')}
        value={search}
        autoComplete="off"
        onChange={({ target }) => setSearch(target.value)}
        onKeyDown={(event) => {
          // Enter in a search saves no form.
          if (event.key === 'Enter') event.preventDefault();
        }}
        className="min-h-10 w-full rounded-control border border-edge bg-paper px-3 text-base placeholder:text-ink-2"
      />
      <ul className="max-h-56 overflow-y-auto rounded-control border border-line px-2 py-1">
        {found.length === 0 && <li className="p-2 text-sm text-ink-2">{t('noneFound')}</li>}
        {found.map(({ value, name, more }) => (
          <li key={value}>
            <label className="flex min-h-9 items-center gap-3 rounded-control px-1 hover:bg-accent-soft">
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={({ target }) =>
                  onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
                }
              />
              <span className="min-w-0">
                <bdi className="font-semibold">{name}</bdi>
                {more && <bdi className="block text-sm text-ink-2">{more}</bdi>}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
