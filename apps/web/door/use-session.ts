import { parseBadge } from '@plenary/badge-token';
import { useMemo, useRef, useSyncExternalStore } from 'react';
import { api, routes } from '../shell/api';
import { serverJudge } from './judge';
import { DeviceRemoved, isRemoval } from './removal';
import { RepeatGuard } from './repeat-guard';
import type { ServerClock } from './server-clock';
import { type Doing, type Post, Session } from './session';
import { announce } from './sounds';
import { type Sayings, verdictWords } from './verdict-words';

/** A code that is no badge's is answered when it has been seen for so long: decoders misread, badges turn up a moment later. */
const FOREIGN_MS = 400;

/** The door's work, its state, and what the camera and the hand scanner have to tell it. */
export function useSession(token: string, clock: ServerClock, post: Post, onRemoved: () => void) {
  const latest = useRef({ post, onRemoved });
  latest.current = { post, onRemoved };
  const door = useMemo(() => {
    const client = api.as(token);
    const session = new Session({
      judge: serverJudge(client, clock),
      undo: async (scanId) => {
        try {
          return await client.call(routes.undoScan, { params: { scanId }, body: {} }, { timeoutMs: 8_000 });
        } catch (error) {
          throw isRemoval(error) ? new DeviceRemoved() : error;
        }
      },
      offsetMs: () => clock.offsetMs(),
      announce: (entry) => announce(verdictWords(entry.outcome, mute).class),
      onRemoved: () => latest.current.onRemoved(),
    });
    return { session, ...inputs(session, () => latest.current.post) };
  }, [token, clock]);
  const doing: Doing = useSyncExternalStore(door.session.subscribe, door.session.now);
  return { ...door, doing };
}

/** Only the class is asked for. */
const mute: Sayings = { time: String, text: () => '', category: String };

/** Camera and hand scanner share one memory of badges; codes of others have their own, so a poster stays old news. */
function inputs(session: Session, post: () => Post) {
  const badges = new RepeatGuard();
  const others = new RepeatGuard();
  let foreign: { text: string; since: number } | undefined;
  return {
    /** What one picture of the camera holds. */
    saw(texts: readonly string[]): void {
      const now = performance.now();
      const badge = texts.find((text) => parseBadge(text));
      if (badge !== undefined) {
        foreign = undefined;
        if (badges.isNews(badge, now)) void session.take({ token: badge }, post());
        return;
      }
      const [text] = texts;
      if (text === undefined) return;
      if (foreign?.text !== text) foreign = { text, since: now };
      else if (now - foreign.since >= FOREIGN_MS && others.isNews(text, now))
        void session.take({ token: text }, post());
    },
    /** What a hand scanner typed. */
    typed(text: string): void {
      const guard = parseBadge(text) ? badges : others;
      if (guard.isNews(text, performance.now())) void session.take({ token: text }, post());
    },
    /** The same badge is news again: another gate, another direction, a scan taken back. */
    forgetBadges(): void {
      badges.reset();
      others.reset();
    },
  };
}
