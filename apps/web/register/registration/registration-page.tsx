import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ProblemBanner } from '../../ui/banner';
import { Skeleton } from '../../ui/loading';
import { Frame } from '../frame';
import { conferencesQuery } from '../programme/use-programme';
import { NoKey } from './no-key';
import { OwnPage } from './own-page';
import { useKey } from './use-key';
import { useRegistration } from './use-registration';

/** `/r/#{token}`: one's own registration. The fragment is the key; it reaches no server's log. */
export default function RegistrationPage() {
  const token = useKey();
  return <Keyed key={token} token={token} />;
}

function Keyed({ token }: { token: string }) {
  const t = useTranslations('register.own');
  const own = useRegistration(token);
  const { registration } = own;
  // A registration tells its conference by id alone.
  const conferences = useQuery({ ...conferencesQuery(), enabled: registration !== undefined });
  const conference = conferences.data?.find(({ id }) => id === registration?.conferenceId);
  return (
    <Frame slug={conference?.slug}>
      {token === '' || own.dead ? (
        <NoKey dead={token !== ''} />
      ) : registration && !conferences.isPending ? (
        <OwnPage token={token} own={own} registration={registration} conference={conference} />
      ) : own.error && !registration ? (
        <div className="grid gap-5">
          <h1 className="text-2xl font-bold">{t('title')}</h1>
          <ProblemBanner error={own.error} onRetry={own.retry} busy={own.reading} />
        </div>
      ) : (
        <Skeleton />
      )}
    </Frame>
  );
}
