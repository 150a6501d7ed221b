import { boot } from '../shell/boot';
import { App } from './app';

void boot(
  { en: () => import('virtual:messages/en/door'), 'zh-CN': () => import('virtual:messages/zh-CN/door') },
  <App />,
);
