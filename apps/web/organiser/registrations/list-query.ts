import type { CallInput } from '@plenary/contracts';
import type { routes } from '../../shell/api';

export const tabs = ['pending', 'all', 'approved', 'waitlisted', 'declined', 'cancelled'] as const;
export type Tab = (typeof tabs)[number];
export const seatStates = ['confirmed', 'waitlisted', 'pending', 'awaiting_approval', 'refused', 'released'] as const;

/** What is looked at, as it stands in the address. */
export interface View {
  /** Undefined: nothing was chosen yet; it depends on whether somebody waits for approval. */
  tab: Tab | undefined;
  q: string;
  category: string;
  subForum: string;
  seat: string;
}

/** From the address `?status=pending&q=wei`; what cannot be is left out. */
export function viewOf(search: URLSearchParams): View {
  const [tab, seat] = [search.get('status'), search.get('seat') ?? ''];
  return {
    tab: tabs.find((one) => one === tab),
    q: (search.get('q') ?? '').trim().slice(0, 200),
    category: search.get('category') ?? '',
    subForum: search.get('forum') ?? '',
    seat: seatStates.some((one) => one === seat) ? seat : '',
  };
}

type Query = NonNullable<CallInput<typeof routes.listRegistrations>['query']>;

/** The same as the API is asked. People who wait for a seat are found by the seat, whatever filter was set before. */
export function queryOf(view: View): Query {
  const seat = view.tab === 'waitlisted' ? 'waitlisted' : view.seat;
  const status = view.tab === 'waitlisted' || view.tab === 'all' ? undefined : view.tab;
  return {
    ...(view.q && { q: view.q }),
    ...(status && { status }),
    ...(view.category && { category: view.category }),
    ...(view.subForum && { subForum: view.subForum }),
    ...(seat && { seat: seat as NonNullable<Query['seat']> }),
  };
}

/** Whether more than the tab narrows the list. */
export const isNarrowed = ({ q, category, subForum, seat }: View): boolean =>
  Boolean(q || category || subForum || seat);
