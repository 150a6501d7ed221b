import type { Case } from '../case';
import { idle } from './idle';
import { hot, rush } from './rush';

/** In the order in which they run. */
export const cases: readonly Case[] = [idle, rush, hot];
