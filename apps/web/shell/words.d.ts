import type common from '../i18n/en/common.json';
import type door from '../i18n/en/door.json';
import type organiser from '../i18n/en/organiser.json';
import type programme from '../i18n/en/programme.json';
import type register from '../i18n/en/register.json';

declare module 'use-intl' {
  /** Keys of the catalogues are checked with the types; a missing one does not compile. */
  interface AppConfig {
    Locale: 'en' | 'zh-CN';
    Messages: {
      common: typeof common;
      programme: typeof programme;
      register: typeof register;
      door: typeof door;
      organiser: typeof organiser;
    };
  }
}
