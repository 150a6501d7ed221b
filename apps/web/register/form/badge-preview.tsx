import type { Category } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { inkOn } from '../../shell/contrast';
import { hasHanzi, LocalText, PersonName } from '../../shell/local-text';

/** What will be printed: always on white paper, in dark mode too. */
export function BadgePreview({
  name,
  latinName,
  organisation,
  category,
}: {
  name: string;
  latinName: string;
  organisation: string;
  category: Category | undefined;
}) {
  const t = useTranslations('register.form');
  const said = name.trim();
  return (
    <figure className="grid gap-2">
      <figcaption className="font-semibold">{t('badge')}</figcaption>
      <div className="grid min-h-56 grid-rows-[1fr_auto] overflow-hidden rounded-card border border-edge bg-white text-black">
        <div className="grid min-w-0 content-center justify-items-center gap-1 p-4 text-center">
          {said ? (
            <p className={said.length > 24 ? 'text-xl font-bold' : 'text-3xl leading-tight font-bold'}>
              <PersonName name={said} />
            </p>
          ) : (
            <p className="text-3xl font-bold text-black/60">{t('yourName')}</p>
          )}
          {hasHanzi(said) && latinName.trim() && (
            <p className="text-lg">
              <bdi lang="en" dir="auto">
                {latinName.trim()}
              </bdi>
            </p>
          )}
          {organisation.trim() && (
            <p className="text-sm">
              <bdi lang={hasHanzi(organisation) ? 'zh-CN' : 'en'} dir="auto">
                {organisation.trim()}
              </bdi>
            </p>
          )}
        </div>
        {category && <CategoryBand category={category} />}
      </div>
    </figure>
  );
}

/** The coloured band: one letter, and the word in both languages, as on the printed badge. */
export function CategoryBand({ category }: { category: Category }) {
  const { colour, letter, name } = category;
  return (
    <p
      className="flex items-center gap-3 px-4 py-2 font-bold forced-color-adjust-none"
      style={{ backgroundColor: colour, color: inkOn(colour) }}
    >
      <span aria-hidden="true" className="grid size-8 place-items-center rounded-full border-2 border-current">
        {letter}
      </span>
      <span className="flex min-w-0 flex-wrap gap-x-2">
        {name['zh-CN'] && <LocalText of={{ 'zh-CN': name['zh-CN'] }} />}
        {name.en && <LocalText of={{ en: name.en }} />}
      </span>
    </p>
  );
}
