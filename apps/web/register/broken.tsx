import { Component, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button';
import { Empty } from '../ui/loading';

/** Catches what a page cannot: its code did not arrive (no network, or a newer version is installed), or it failed to draw. */
export class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const t = useTranslations('programme');
  return (
    <div role="alert" className="grid gap-4">
      <h1 className="text-2xl font-bold">{t('broken')}</h1>
      <Empty action={<Button onClick={() => location.reload()}>{t('reload')}</Button>}>{t('brokenWhy')}</Empty>
    </div>
  );
}
