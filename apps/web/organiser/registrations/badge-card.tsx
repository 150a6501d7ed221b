import type { Registration } from '@plenary/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { PersonName } from '../../shell/local-text';
import { Button } from '../../ui/button';
import { useStaff } from '../session/session';
import { Card, Facts } from './card';
import { BadgeChip } from './chips';
import { registrationKey } from './list-keys';
import { ReasonDialog } from './reason-dialog';

/** The badge, and how a lost or misused one is made useless. `onNews` is told what was stored. */
export function BadgeCard({ registration, onNews }: { registration: Registration; onNews: (news: string) => void }) {
  const t = useTranslations('organiser.registrations.detail');
  const { client, can } = useStaff();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'reissue' | 'revoke'>();
  // What the badge service has stored; the registration hears of it a moment later.
  const [stored, setStored] = useState<{ state: 'valid' | 'revoked'; revision: number }>();
  const { id, status, person } = registration;
  const told = registration.badge;
  const [was, is] = [told.revision ?? 0, stored?.revision ?? 0];
  const isBehind = was < is || (was === is && stored?.state === 'revoked');
  const badge = stored && isBehind ? stored : told;
  const isRevoked = badge.state === 'revoked';
  // A withdrawn badge is given anew by an organiser alone.
  const mayReissue = can('reissueBadge') && badge.state !== 'none' && (!isRevoked || can('approveRegistration'));

  async function act(reason: string) {
    const route = asking === 'revoke' ? routes.revokeBadge : routes.reissueBadge;
    const { state, revision } = await client.call(route, { params: { id }, body: { reason } });
    setStored({ state, revision });
    onNews(state === 'revoked' ? t('revoked') : t('reissued', { revision }));
    void queries.invalidateQueries({ queryKey: registrationKey(id) });
  }

  return (
    <Card title={t('badge')}>
      {badge.state === 'none' ? (
        <p className="text-ink-2">{status === 'approved' ? t('badgeComing') : t('noBadge')}</p>
      ) : (
        <Facts
          facts={[
            [t('badgeState'), <BadgeChip key="state" state={badge.state} />],
            [t('revision'), badge.revision],
          ]}
        />
      )}
      {isRevoked && can('reissueBadge') && !mayReissue && <p>{t('deskRevoked')}</p>}
      {badge.state !== 'none' && (
        <div className="flex flex-wrap gap-2">
          {mayReissue && (
            <Button size="small" onClick={() => setAsking('reissue')}>
              {t('reissue')}
            </Button>
          )}
          {can('revokeBadge') && !isRevoked && (
            <Button size="small" look="danger" onClick={() => setAsking('revoke')}>
              {t('revoke')}
            </Button>
          )}
        </div>
      )}
      {asking && (
        <ReasonDialog
          title={t.rich(`${asking}Title`, { name: () => <PersonName name={person.name} /> })}
          action={t(asking)}
          danger={asking === 'revoke'}
          reason="needed"
          onConfirm={act}
          onClose={() => setAsking(undefined)}
        >
          <p>{t(`${asking}Means`)}</p>
        </ReasonDialog>
      )}
    </Card>
  );
}
