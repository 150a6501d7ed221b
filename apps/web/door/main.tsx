import { boot } from '../shell/boot';
import { App } from './app';
import { takeCodeFromAddress } from './enrol-code';

const code = takeCodeFromAddress();

void boot(
  { en: () => import('virtual:messages/en/door'), 'zh-CN': () => import('virtual:messages/zh-CN/door') },
  <App openedWith={code} />,
);
