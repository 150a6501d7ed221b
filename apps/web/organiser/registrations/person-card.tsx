import type { Registration } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { PersonName } from '../../shell/local-text';
import { useConference } from '../frame/conference-context';
import { useStaff } from '../session/session';
import { Card, Facts } from './card';
import { CategoryChip } from './chips';
import { When } from './when';

/** Who it is, as they told it. */
export function PersonCard({ slug, registration }: { slug: string; registration: Registration }) {
  const t = useTranslations('organiser.registrations.detail');
  const { locale } = useLanguage();
  const { categories } = useConference();
  const { client, can } = useStaff();
  const { person, category, delegationId } = registration;
  const delegation = useQuery({
    queryKey: ['delegation-names', slug],
    queryFn: async () => {
      const names = new Map<string, string>();
      for await (const { id, name } of client.all(routes.listDelegations, {
        params: { slug },
        query: { limit: 200 },
      })) {
        names.set(id, name);
      }
      return names;
    },
    enabled: delegationId !== undefined && can('listDelegations'),
    staleTime: 5 * 60_000,
  }).data?.get(delegationId ?? '');
  const typed = (text: string | undefined) => text && <PersonName name={text} />;
  return (
    <Card title={t('person')}>
      <Facts
        facts={[
          [t('name'), typed(person.name)],
          [t('latinName'), typed(person.latinName)],
          [t('organisation'), typed(person.organisation)],
          [t('jobTitle'), typed(person.jobTitle)],
          [
            t('category'),
            <CategoryChip
              key="category"
              category={categories.find(({ key }) => key === category)}
              fallback={category}
            />,
          ],
          [t('delegation'), typed(delegation)],
          [t('email'), person.email && <bdi dir="ltr">{person.email}</bdi>],
          [t('phone'), person.phone && <bdi dir="ltr">{person.phone}</bdi>],
          [t('country'), person.country && countryName(person.country, locale)],
          [t('language'), t(`languages.${registration.locale}`)],
          [t('needs'), person.needs && <span className="whitespace-pre-line">{typed(person.needs)}</span>],
          [t('registered'), <When key="registered" at={registration.createdAt} seconds />],
        ]}
      />
    </Card>
  );
}

/** `CN`: China; a code that no country has stands as it is. */
function countryName(code: string, locale: string): string {
  return new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }).of(code) ?? code;
}
