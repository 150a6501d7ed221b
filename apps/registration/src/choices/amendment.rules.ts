import { Problem } from '@plenary/platform';
import type { Choice } from './choice';
import { isActive } from './choice';

export interface Wish {
  readonly subForumId: string;
  readonly replaces?: string | undefined;
}

/** When a sub-forum takes place, and what people call it. */
export interface Span {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly name: string;
}

export interface Plan {
  /** New wishes, in order; `replaces` is a confirmed seat that stays until then. */
  readonly ask: { subForumId: string; replaces: string | null }[];
  /** Wishes that stay, with another seat, or none, to give up. */
  readonly rewire: { subForumId: string; replaces: string | null }[];
  /** Left out: given up now. */
  readonly withdraw: string[];
  /** Given up now, since what replaces it is confirmed already. */
  readonly swap: string[];
}

/** Do two spans share any time? Touching is allowed. */
export function overlap(one: Span, other: Span): boolean {
  return one.startsAt < other.endsAt && other.startsAt < one.endsAt;
}

/**
 * What a wished list means for what is held: the list is whole, so what it leaves out is given up, except a seat that
 * a wish replaces. Problems: 422 `replaces_not_confirmed`, `replaces_twice`, `choices_overlap`.
 */
export function planAmendment(
  held: readonly Choice[],
  wished: readonly Wish[],
  spans: ReadonlyMap<string, Span>,
): Plan {
  const choices = new Map(held.map((choice) => [choice.subForumId, choice]));
  const active = new Set(held.filter(isActive).map((choice) => choice.subForumId));
  const plan: Plan = { ask: [], rewire: [], withdraw: [], swap: [] };
  const replaced = new Map<string, string>();

  for (const [index, wish] of wished.entries()) {
    const current = active.has(wish.subForumId) ? choices.get(wish.subForumId) : undefined;
    const old = wish.replaces ? choices.get(wish.replaces) : undefined;
    // A repeat of a swap that has been completed meanwhile.
    const done = current?.state === 'confirmed' && old?.state === 'released' && old.reason === 'swapped';
    if (wish.replaces && !done) {
      if (old?.state !== 'confirmed' || wish.replaces === wish.subForumId) {
        throw refusal(index, 'replaces_not_confirmed', 'Only a confirmed seat can be replaced. Name one, or none.');
      }
      if (replaced.has(wish.replaces)) {
        throw refusal(index, 'replaces_twice', 'Two choices replace the same seat. Name it only once.');
      }
      replaced.set(wish.replaces, wish.subForumId);
    }
    const replaces = done ? null : (wish.replaces ?? null);
    if (!current) plan.ask.push({ subForumId: wish.subForumId, replaces });
    else if (current.state === 'confirmed' && replaces) plan.swap.push(replaces);
    else if (current.replaces !== replaces) plan.rewire.push({ subForumId: wish.subForumId, replaces });
  }

  const listed = new Set(wished.map((wish) => wish.subForumId));
  for (const id of active) {
    if (!listed.has(id) && !replaced.has(id)) plan.withdraw.push(id);
  }
  demandNoOverlap(plan, wished, [...active], spans);
  return plan;
}

/** Checks pairs with a newly requested member, or one that no longer replaces the other. */
function demandNoOverlap(
  plan: Plan,
  wished: readonly Wish[],
  active: readonly string[],
  spans: ReadonlyMap<string, Span>,
): void {
  const gone = new Set([...plan.withdraw, ...plan.swap]);
  const after = new Set([...wished.map((wish) => wish.subForumId), ...active].filter((id) => !gone.has(id)));
  const touched = [...plan.ask, ...plan.rewire];
  const indexOf = (id: string) => wished.findIndex((wish) => wish.subForumId === id);
  for (const wish of touched) {
    for (const other of after) {
      const swaps =
        wish.replaces === other || touched.some((one) => one.subForumId === other && one.replaces === wish.subForumId);
      if (other === wish.subForumId || swaps) continue;
      const [a, b] = [spans.get(wish.subForumId), spans.get(other)];
      if (a && b && overlap(a, b)) {
        throw overlapping([indexOf(wish.subForumId), wish.subForumId, a], [indexOf(other), other, b]);
      }
    }
  }
}

function refusal(index: number, code: string, detail: string): Problem {
  return new Problem(422, code, detail, { errors: [{ path: `choices.${index}.replaces`, code, message: detail }] });
}

/** Names both; the index is the place in the request's `choices`, or -1 for one that is held already. */
export function overlapping(...pair: [number, string, Span][]): Problem {
  const errors = pair.map(([index, id, span]) => ({
    path: index < 0 ? 'choices' : `choices.${index}.subForumId`,
    code: 'choices_overlap',
    message: `${id} (${span.name})`,
  }));
  const names = pair.map(([, , span]) => `“${span.name}”`).join(' and ');
  return new Problem(
    422,
    'choices_overlap',
    `${names} take place at the same time. Choose one of them, or replace a confirmed seat.`,
    { errors },
  );
}
