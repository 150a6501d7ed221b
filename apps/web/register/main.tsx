import { boot } from '../shell/boot';
import { App } from './app';

void boot(
  { en: () => import('virtual:messages/en/register'), 'zh-CN': () => import('virtual:messages/zh-CN/register') },
  <App />,
);
