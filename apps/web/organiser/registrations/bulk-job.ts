import type { Registration } from '@plenary/contracts';
import { useSyncExternalStore } from 'react';
import type { FreshClient } from '../session/keeper';
import type { bulkActs } from './acts';
import { decide } from './decide';
import { type Failure, runBounded } from './run-bounded';

export type BulkAct = (typeof bulkActs)[number];

/** One act on many registrations, row by row, four at a time; it goes on while other pages are looked at. */
export interface BulkJob {
  readonly slug: string;
  readonly act: BulkAct;
  readonly total: number;
  /** Ids of what is stored. */
  readonly done: readonly string[];
  readonly failures: readonly Failure<Registration>[];
  /** Not begun, since it was stopped. */
  readonly left: readonly Registration[];
  readonly state: 'running' | 'ended';
}

const WIDTH = 4;
let job: BulkJob | undefined;
let stopping = new AbortController();
const listeners = new Set<() => void>();

function become(next: BulkJob | undefined): void {
  job = next;
  for (const tell of listeners) tell();
}
function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** The job that runs, or ran and was not put away; one at a time. */
export const useBulkJob = (): BulkJob | undefined => useSyncExternalStore(subscribe, () => job);

/** Starts a job; `ended` is called when all is stored, has failed, or was stopped. */
export async function startBulkJob(
  client: Pick<FreshClient, 'call'>,
  slug: string,
  act: BulkAct,
  registrations: readonly Registration[],
  ended: (job: BulkJob) => void,
): Promise<void> {
  if (job?.state === 'running') return;
  stopping = new AbortController();
  const begun: BulkJob = { slug, act, total: registrations.length, done: [], failures: [], left: [], state: 'running' };
  become(begun);
  addEventListener('beforeunload', holdPage);
  const run = await runBounded(registrations, WIDTH, ({ id }) => decide(client, act, id), {
    stop: stopping.signal,
    tell: ({ done, failures }) => become({ ...begun, done: done.map(({ id }) => id), failures: [...failures] }),
  });
  removeEventListener('beforeunload', holdPage);
  const over: BulkJob = { ...begun, ...run, done: run.done.map(({ id }) => id), state: 'ended' };
  become(over);
  ended(over);
}

/** What is on its way is finished, nothing more is begun. */
export const stopBulkJob = (): void => stopping.abort();

/** Puts away a job that has ended. */
export function clearBulkJob(): void {
  if (job?.state === 'ended') become(undefined);
}

/** Closing the page would stop the job: the browser asks first. */
function holdPage(event: Event): void {
  event.preventDefault();
}
