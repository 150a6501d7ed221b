import type { Case } from '../case';
import { eventAge } from './event-age';
import { idle } from './idle';
import { pages } from './pages';
import { hot, rush } from './rush';
import { scans } from './scans';
import { submitToBadge } from './submit-to-badge';

/** In the order in which they run. */
export const cases: readonly Case[] = [submitToBadge, eventAge, rush, hot, scans, pages, idle];
