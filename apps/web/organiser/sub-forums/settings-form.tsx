import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError, routes } from '../../shell/api';
import { useOnline } from '../../shell/use-online';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { useStaff } from '../session/session';
import { Effects, useEffects } from './effects';
import { type Change, carriedOver, changedMeanwhile, changeOf, type Draft, draftOf, type Field } from './settings';
import { SettingsFields, useValueWords } from './settings-fields';
import { type Stored, subForumKey, useSubForum } from './use-sub-forum';

type Outcome =
  | { kind: 'saved'; promoted: number }
  | { kind: 'changed'; fields: Field[]; now: Stored }
  | { kind: 'failed'; error: unknown };

/** The settings of a sub-forum: what a change would do is told before it is made. */
export function SettingsForm({ id }: { id: string }) {
  const { data } = useSubForum(id);
  return data ? <Form key={id} id={id} newest={data} /> : null;
}

function Form({ id, newest }: { id: string; newest: Stored }) {
  const t = useTranslations('organiser.subForums');
  const { client } = useStaff();
  const queries = useQueryClient();
  const [base, setBase] = useState(newest);
  const [draft, setDraft] = useState<Draft>(() => draftOf(newest.subForum));
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const { change, wrong } = changeOf(draft, base.subForum);
  const dirty = Object.keys(change).length > 0 || wrong.length > 0;
  const words = useValueWords();
  const online = useOnline();

  // Nothing typed: what others have stored is shown as it is.
  useEffect(() => {
    if (dirty || busy || newest.etag === base.etag) return;
    setBase(newest);
    setDraft(draftOf(newest.subForum));
  }, [dirty, busy, newest, base]);

  const send = (wished: Change, dryRun: boolean) =>
    client.request(
      routes.changeSubForum,
      { params: { id }, body: wished, query: dryRun ? { dryRun: 'true' } : {} },
      { ifMatch: base.etag },
    );
  const effects = useEffects(id, base.etag, wrong.length > 0 ? {} : change, (wished) => send(wished, true));

  /** Somebody else was faster: their values, with one's own on top, to be looked at again. */
  const readAgain = async () => {
    const { body, etag } = await client.request(routes.getSubForum, { params: { id } });
    const now: Stored = { subForum: body, etag: etag ?? '' };
    queries.setQueryData(subForumKey(id), now);
    setOutcome({ kind: 'changed', fields: changedMeanwhile(base.subForum, body), now });
    setDraft(carriedOver(draft, base.subForum, body));
    setBase(now);
  };

  const apply = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || wrong.length > 0 || Object.keys(change).length === 0) return;
    setBusy(true);
    setOutcome(undefined);
    try {
      const { body, etag } = await send(change, false);
      const now: Stored = { subForum: body.subForum, etag: etag ?? '' };
      queries.setQueryData(subForumKey(id), now);
      setBase(now);
      setDraft(draftOf(now.subForum));
      setOutcome({ kind: 'saved', promoted: body.promoted.length });
      void queries.invalidateQueries({ queryKey: ['waitlist', id] });
      void queries.invalidateQueries({ queryKey: ['roster', id] });
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) await readAgain().catch(failed);
      else failed(error);
    } finally {
      setBusy(false);
    }
  };
  const failed = (error: unknown) => setOutcome({ kind: 'failed', error });

  const stale = effects.error instanceof ApiError && effects.error.status === 412;
  const refused = outcome?.kind === 'failed' ? outcome.error : stale ? undefined : effects.error;
  return (
    <section aria-labelledby="settings" className="grid gap-4 rounded-card border border-line bg-paper p-4">
      <h2 id="settings" className="text-lg font-bold">
        {t('settings')}
      </h2>
      {base.subForum.state === 'cancelled' ? (
        <p className="text-ink-2">{t('isCancelled')}</p>
      ) : (
        <form onSubmit={(event) => void apply(event)} noValidate className="grid gap-4">
          <SettingsFields
            draft={draft}
            stored={base.subForum}
            wrong={wrong}
            refused={refused}
            onChange={(part) => {
              setOutcome(undefined);
              setDraft({ ...draft, ...part });
            }}
          />
          <div role="status" className="grid gap-2">
            {dirty && outcome?.kind !== 'changed' && wrong.length === 0 && (
              <Effects {...effects} change={change} stored={base.subForum} />
            )}
            {outcome?.kind === 'saved' && (
              <Banner tone="ok">
                {t('saved')} {outcome.promoted > 0 && t('savedPromoted', { count: outcome.promoted })}
              </Banner>
            )}
            {(outcome?.kind === 'changed' || stale) && (
              <Banner
                tone="warn"
                actions={
                  stale &&
                  outcome?.kind !== 'changed' && (
                    <Button size="small" onClick={() => void readAgain().catch(failed)}>
                      {t('readAgain')}
                    </Button>
                  )
                }
              >
                <p className="font-semibold">{t('meanwhile')}</p>
                {outcome?.kind === 'changed' && (
                  <ul className="list-disc ps-5">
                    {outcome.fields.map((field) => (
                      <li key={field}>
                        {t('isNow', { field: t(`field.${field}`), value: words(outcome.now.subForum, field) })}
                      </li>
                    ))}
                  </ul>
                )}
              </Banner>
            )}
          </div>
          {refused !== undefined && refused !== null && <ProblemBanner error={refused} />}
          <div className="flex flex-wrap gap-3">
            <Button type="submit" look="primary" busy={busy} disabled={!dirty || !online || wrong.length > 0}>
              {t('apply')}
            </Button>
            {dirty && (
              <Button
                onClick={() => {
                  setDraft(draftOf(base.subForum));
                  setOutcome(undefined);
                }}
              >
                {t('discard')}
              </Button>
            )}
          </div>
        </form>
      )}
    </section>
  );
}
