import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, routes } from '../../shell/api';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';

/** Confirmed and waitlisted sub-forums for the own calendar. WeChat's browser saves no files: there it says what to do instead. */
export function Calendar({ token, name }: { token: string; name: string }) {
  const t = useTranslations('register.own');
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const text: unknown = await api.as(token).call(routes.getOwnCalendar);
      save(new Blob([String(text)], { type: 'text/calendar;charset=utf-8' }), `${name}.ics`);
    },
  });
  if (/MicroMessenger/i.test(navigator.userAgent)) return <p className="text-ink-2">{t('calendarInWeChat')}</p>;
  return (
    <>
      <Button busy={isPending} onClick={() => mutate()}>
        {t('calendar')}
      </Button>
      {error && <ProblemBanner error={error} onRetry={() => mutate()} busy={isPending} />}
    </>
  );
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn; some read it a little later.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
