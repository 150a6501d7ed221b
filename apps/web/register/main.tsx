import { boot, queries } from '../shell/boot';
import { App } from './app';
import { startEarly } from './pages';

startEarly(location.pathname, queries);
void boot(
  { en: () => import('virtual:messages/en/register'), 'zh-CN': () => import('virtual:messages/zh-CN/register') },
  <App />,
);
