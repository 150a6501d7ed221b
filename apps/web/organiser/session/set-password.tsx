import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError, api, routes } from '../../shell/api';
import { usePageTitle } from '../../shell/page-title';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button, buttonClass } from '../../ui/button';
import { Field } from '../../ui/field';
import { PlainPage } from './plain-page';

/** The contract's own. */
const SHORTEST = 10;

/** `/s/#<link>`: a new password by a one-time link. The link stays in the fragment, which reaches no server log. */
export default function SetPassword() {
  const t = useTranslations('organiser.session');
  usePageTitle(t('setPassword'));
  const [link] = useState(() => location.hash.slice(1));
  const [state, setState] = useState<'asking' | 'busy' | 'done'>('asking');
  const [error, setError] = useState<unknown>();
  const [wrong, setWrong] = useState<{ password?: string; again?: string }>({});

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (state === 'busy') return;
    const form = event.currentTarget as HTMLFormElement;
    const entered = new FormData(form);
    const [password, again] = [String(entered.get('password') ?? ''), String(entered.get('again') ?? '')];
    const found = {
      ...([...password].length < SHORTEST && { password: t('tooShort', { shortest: SHORTEST }) }),
      ...(password !== again && { again: t('different') }),
    };
    setWrong(found);
    setError(undefined);
    if (Object.keys(found).length > 0) {
      form.querySelector<HTMLInputElement>(found.password ? '[name=password]' : '[name=again]')?.focus();
      return;
    }
    setState('busy');
    try {
      await api.call(routes.setPassword, { body: { link, password } });
      setState('done');
    } catch (refused) {
      setError(refused);
      setState('asking');
    }
  };

  const dead = link === '' || (error instanceof ApiError && error.code === 'link_invalid');
  return (
    <PlainPage title={t('setPassword')}>
      <div role="alert">
        {dead && <Banner tone="bad">{t('linkDead')}</Banner>}
        {error !== undefined && !dead && <ProblemBanner error={error} />}
      </div>
      {state === 'done' ? (
        <div role="status" className="grid gap-4">
          <Banner tone="ok">{t('passwordSet')}</Banner>
          <a href="/organiser" className={buttonClass('primary')}>
            {t('signIn')}
          </a>
        </div>
      ) : (
        !dead && (
          <form onSubmit={(event) => void send(event)} noValidate className="grid gap-4">
            <Field
              label={t('newPassword')}
              hint={t('shortest', { shortest: SHORTEST })}
              name="password"
              type="password"
              autoComplete="new-password"
              maxLength={200}
              error={wrong.password}
            />
            <Field
              label={t('newPasswordAgain')}
              name="again"
              type="password"
              autoComplete="new-password"
              maxLength={200}
              error={wrong.again}
            />
            <Button type="submit" look="primary" busy={state === 'busy'}>
              {t('setPassword')}
            </Button>
          </form>
        )
      )}
    </PlainPage>
  );
}
