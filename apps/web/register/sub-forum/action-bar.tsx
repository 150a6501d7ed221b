import type { SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { buttonClass } from '../../ui/button';
import { type Form, RegistrationState } from '../conferences/registration-state';
import { Act, Standing } from '../programme/act';
import { entryOf, type Picking } from '../programme/entry';

/** The one thing to do about a sub-forum, always at the foot of the screen; beside it the way on with what is chosen. */
export function ActionBar({
  subForum,
  picking,
  form,
}: {
  subForum: SubForumCard;
  picking: Picking;
  form: Form | undefined;
}) {
  const t = useTranslations('programme.plan');
  const entry = entryOf(subForum, picking);
  const count = picking.chosen.length;
  return (
    <aside
      aria-label={t('label')}
      className="sticky bottom-0 z-20 -mx-4 -mb-6 border-t border-line bg-paper px-4 py-3 min-[900px]:mx-0 min-[900px]:rounded-t-card min-[900px]:border-x"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div role="status" className="min-w-0 flex-1 basis-52">
          <Standing entry={entry} picking={picking} />
        </div>
        <div className="ms-auto flex flex-wrap items-center gap-3">
          {form && !picking.acts && <RegistrationState form={form} timeZone={picking.conference.timeZone} />}
          {form && <Act subForum={subForum} entry={entry} picking={picking} look="primary" />}
          {form?.open && count > 0 && (
            <Link
              href={`/c/${picking.conference.slug}/register`}
              className={buttonClass(entry.chosen ? 'primary' : 'quiet')}
            >
              {t('reviewCount', { n: count })}
            </Link>
          )}
        </div>
      </div>
    </aside>
  );
}
