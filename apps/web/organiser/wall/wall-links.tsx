import type { WallLink } from '@plenary/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { dayAt, dayName, timeOf } from '../../shell/venue-time';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { Skeleton } from '../../ui/loading';
import { useConference } from '../frame/conference-context';
import { useStaff } from '../session/session';

/** Makes, lists and revokes the links by which a screen shows the wall without anybody signed in. */
export function WallLinks(props: { open: boolean; onClose: () => void; slug: string; floor: string | undefined }) {
  const t = useTranslations('organiser.wall');
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t('links')} wide>
      <Links {...props} />
    </Dialog>
  );
}

function Links({ onClose, slug, floor }: { onClose: () => void; slug: string; floor: string | undefined }) {
  const t = useTranslations('organiser.wall');
  const common = useTranslations('common');
  const { client } = useStaff();
  const queries = useQueryClient();
  const key = ['wall-links', slug];
  const links = useQuery({
    queryKey: key,
    queryFn: async () => {
      const found: WallLink[] = [];
      for await (const link of client.all(routes.listWallLinks, { params: { slug } })) found.push(link);
      return found;
    },
    staleTime: 0,
  });
  const create = useMutation({
    mutationFn: (name: string) => client.call(routes.createWallLink, { params: { slug }, body: name ? { name } : {} }),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (create.isPending) return;
    create.mutate(String(new FormData(event.currentTarget).get('name') ?? '').trim());
  };
  const made = create.data;
  const address =
    made && `${location.origin}/organiser/wall${floor ? `?floor=${encodeURIComponent(floor)}` : ''}#${made.token}`;
  return (
    <>
      <p>{floor ? t('linksTextFloor', { floor }) : t('linksText')}</p>
      <form onSubmit={make} className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <Field label={t('linkName')} name="name" maxLength={120} optional autoComplete="off" />
        </div>
        <Button type="submit" look="primary" busy={create.isPending}>
          {t('makeLink')}
        </Button>
      </form>
      {create.isError && <ProblemBanner error={create.error} />}
      <div role="status">{address && <MadeLink key={address} address={address} />}</div>
      <h3 className="font-semibold">{t('working')}</h3>
      {links.isPending && <Skeleton lines={2} />}
      {links.isError && (
        <ProblemBanner error={links.error} onRetry={() => void links.refetch()} busy={links.isFetching} />
      )}
      {links.data?.length === 0 && <p className="text-ink-2">{t('noLinks')}</p>}
      <ul className="grid gap-2">
        {links.data?.map((link) => (
          <OneLink key={link.id} link={link} gone={() => queries.invalidateQueries({ queryKey: key })} />
        ))}
      </ul>
      <div className="flex justify-end">
        <Button onClick={onClose}>{common('close')}</Button>
      </div>
    </>
  );
}

function MadeLink({ address }: { address: string }) {
  const t = useTranslations('organiser.wall');
  const [copied, setCopied] = useState(false);
  return (
    <Banner
      tone="ok"
      actions={
        <Button size="small" onClick={() => void navigator.clipboard?.writeText(address).then(() => setCopied(true))}>
          {copied ? t('copied') : t('copy')}
        </Button>
      }
    >
      <p className="font-semibold">{t('made')}</p>
      <input
        readOnly
        aria-label={t('address')}
        value={address}
        onFocus={(event) => event.target.select()}
        className="mt-1 w-full rounded-control border border-edge bg-paper px-2 py-1 font-mono text-sm text-ink"
      />
    </Banner>
  );
}

function OneLink({ link, gone }: { link: WallLink; gone: () => Promise<void> }) {
  const t = useTranslations('organiser.wall');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { client } = useStaff();
  const { timeZone } = useConference();
  const [sure, setSure] = useState(false);
  const revoke = useMutation({
    mutationFn: () => client.call(routes.revokeWallLink, { params: { id: link.id } }),
    onSuccess: gone,
  });
  const made = `${dayName(dayAt(link.createdAt, timeZone), locale)} ${timeOf(link.createdAt, timeZone)}`;
  return (
    <li className="grid gap-2 rounded-control border border-line px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1">
          <bdi className="font-semibold">{link.name ?? t('unnamed')}</bdi>{' '}
          <span className="text-sm text-ink-2">{t('madeAt', { at: made })}</span>
        </span>
        {sure ? (
          <>
            <Button size="small" look="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
              {t('revokeSure')}
            </Button>
            <Button size="small" onClick={() => setSure(false)}>
              {common('cancel')}
            </Button>
          </>
        ) : (
          <Button
            size="small"
            look="danger"
            aria-label={t('revokeNamed', { name: link.name ?? made })}
            onClick={() => setSure(true)}
          >
            {t('revoke')}
          </Button>
        )}
      </div>
      {revoke.isError && <ProblemBanner error={revoke.error} />}
    </li>
  );
}
