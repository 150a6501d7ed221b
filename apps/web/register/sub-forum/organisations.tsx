import type { SubForum } from '@plenary/contracts';

/** Hosts or supporters, in the order that was agreed among them. */
export function Organisations({ title, of }: { title: string; of: SubForum['hosts'] }) {
  if (of.length === 0) return null;
  return (
    <section className="grid gap-1">
      <h2 className="text-lg font-bold">{title}</h2>
      <ol className="grid gap-1">
        {of.map(({ name, url }) => (
          <li key={`${name} ${url}`}>
            {isOnTheWeb(url) ? (
              <a href={url} rel="noreferrer" className="inline-flex min-h-11 items-center">
                <bdi>{name}</bdi>
              </a>
            ) : (
              <bdi>{name}</bdi>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** An address that leads to a page, and does nothing else. */
const isOnTheWeb = (url: string | undefined): boolean => /^https?:\/\//i.test(url ?? '');
