import { useEffect } from 'react';

/** What the browser calls the page: `Programme · Plenary`. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Plenary` : 'Plenary';
  }, [title]);
}
