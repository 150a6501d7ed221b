import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../shell/api';
import { usePageTitle } from '../../shell/page-title';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { session } from './own-session';
import { PlainPage } from './plain-page';

/** E-mail and password. Signed in, one is where one wanted to go: the address has not changed. */
export function SignIn() {
  const t = useTranslations('organiser.session');
  usePageTitle(t('signIn'));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [missing, setMissing] = useState<{ email: boolean; password: boolean }>({ email: false, password: false });
  const form = useRef<HTMLFormElement>(null);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    // Read from the form: a password manager may have filled it without a key pressed.
    const entered = new FormData(event.currentTarget as HTMLFormElement);
    const email = String(entered.get('email') ?? '').trim();
    const password = String(entered.get('password') ?? '');
    setError(undefined);
    setMissing({ email: email === '', password: password === '' });
    if (email === '' || password === '') {
      form.current?.querySelector<HTMLInputElement>(email === '' ? '[name=email]' : '[name=password]')?.focus();
      return;
    }
    setBusy(true);
    try {
      await session.signIn(email, password);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };

  // A refusal is in the password more often than not: there one types again.
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLInputElement>('[name=password]')?.focus();
  }, [error]);

  return (
    <PlainPage title={t('signIn')} lead={t('lead')}>
      <form ref={form} onSubmit={(event) => void send(event)} noValidate className="grid gap-4">
        <div role="alert">{error !== undefined && <Refusal error={error} />}</div>
        <Field
          label={t('email')}
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          error={missing.email ? t('emailMissing') : undefined}
        />
        <Field
          label={t('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={200}
          error={missing.password ? t('passwordMissing') : undefined}
        />
        <Button type="submit" look="primary" busy={busy}>
          {t('signIn')}
        </Button>
        <p className="text-sm text-ink-2">{t('forgotten')}</p>
      </form>
    </PlainPage>
  );
}

function Refusal({ error }: { error: unknown }) {
  const t = useTranslations('organiser.session');
  if (!(error instanceof ApiError)) return <ProblemBanner error={error} />;
  if (error.status === 401 || error.status === 400) return <Banner tone="bad">{t('wrong')}</Banner>;
  if (error.status === 429) {
    const minutes = Math.max(1, Math.ceil((error.retryAfterSeconds ?? 60) / 60));
    return <Banner tone="warn">{t('slowed', { minutes })}</Banner>;
  }
  return <ProblemBanner error={error} />;
}
