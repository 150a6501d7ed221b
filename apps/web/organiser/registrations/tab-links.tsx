import { Link, useLocation } from 'wouter';
import { classNames } from '../../ui/class-names';

/** Views of one list, each with an address of its own: what else stands in the address is kept. */
export function TabLinks({
  label,
  parameter,
  current,
  tabs,
}: {
  label: string;
  parameter: string;
  current: string | undefined;
  tabs: readonly { value: string; name: string; count?: string | undefined }[];
}) {
  const [path] = useLocation();
  const href = (value: string) => {
    const next = new URLSearchParams(location.search);
    next.set(parameter, value);
    return `${path}?${next}`;
  };
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-1 border-b border-line">
        {tabs.map(({ value, name, count }) => (
          <li key={value}>
            <Link
              href={href(value)}
              aria-current={value === current ? 'true' : undefined}
              className={classNames(
                '-mb-px flex min-h-11 items-center gap-2 border-b-2 px-3 no-underline',
                value === current
                  ? 'border-accent font-semibold text-ink'
                  : 'border-transparent text-ink-2 hover:text-accent',
              )}
            >
              {name}
              {count !== undefined && <span className="rounded-chip bg-sunk px-1.5 text-sm text-ink-2">{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
