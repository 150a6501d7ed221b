import { boot } from '../shell/boot';
import { App } from './app';

void boot(
  { en: () => import('virtual:messages/en/organiser'), 'zh-CN': () => import('virtual:messages/zh-CN/organiser') },
  <App />,
);
