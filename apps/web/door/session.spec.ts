import { encodeBase45 } from '@plenary/badge-token';
import type { Verdict } from '@plenary/contracts';
import type { ScanBody } from './judge';
import { DeviceRemoved } from './removal';
import { type Entry, MOST_SCANS, needsAttention, withEntry } from './scan-list';
import { Session } from './session';
import type { Outcome } from './verdict-words';

const post = { gateId: '019a0000-0000-7000-8000-00000000000a', direction: 'entry' } as const;
/** Of the right form; nobody signed it. */
const token = (number: number) => encodeBase45(Uint8Array.from({ length: 87 }, (_, at) => (at === 0 ? 1 : number)));

function door() {
  const asked: { scan: ScanBody; answer: (outcome: Outcome) => void; fail: (error: Error) => void }[] = [];
  const announced: string[] = [];
  let removed = 0;
  const session = new Session({
    judge: (scan) => new Promise((answer, fail) => asked.push({ scan, answer, fail })),
    undo: async () => ({}) as Verdict,
    offsetMs: () => 1_234,
    announce: ({ scanId }) => announced.push(scanId),
    onRemoved: () => {
      removed += 1;
    },
  });
  return { session, asked, announced, removed: () => removed };
}
const admitted = (scan: ScanBody): Outcome => ({
  is: 'verdict',
  verdict: {
    scanId: scan.scanId,
    verdict: 'admitted',
    detail: 'first',
    replay: false,
    method: 'token',
    room: { inside: 1, cap: null },
    decidedAt: '2026-05-21T08:00:00.000Z',
  },
});
const undecided: Outcome = { is: 'undecided', why: 'no_answer' };

describe('a door at work', () => {
  it('shows and announces nothing before there is an answer', async () => {
    const { session, asked, announced } = door();
    const taken = session.take({ token: token(1) }, post);
    expect(session.now()).toMatchObject({ shown: undefined, checking: 1 });
    expect(announced).toEqual([]);
    const [first] = asked as [(typeof asked)[0]];
    expect(first.scan).toMatchObject({ ...post, token: token(1), clockOffsetMs: 1_234 });
    first.answer(admitted(first.scan));
    await taken;
    expect(session.now()).toMatchObject({ shown: { scanId: first.scan.scanId }, checking: 0 });
    expect(announced).toEqual([first.scan.scanId]);
  });

  it('answers a code that is no badge’s without asking anybody', async () => {
    const { session, asked } = door();
    await session.take({ token: 'https://weixin.qq.com/r/abc' }, post);
    expect(asked).toEqual([]);
    expect(session.now().shown?.outcome).toEqual({ is: 'not_ours' });
  });

  it('a late answer does not cover that of a later badge; both are in the list', async () => {
    const { session, asked, announced } = door();
    const both = [session.take({ token: token(1) }, post), session.take({ token: token(2) }, post)];
    const [first, second] = asked as [(typeof asked)[0], (typeof asked)[0]];
    second.answer(admitted(second.scan));
    await both[1];
    first.answer(admitted(first.scan));
    await both[0];
    expect(session.now().shown?.scanId).toBe(second.scan.scanId);
    expect(announced).toEqual([second.scan.scanId]);
    expect(session.now().entries.map(({ scanId }) => scanId)).toEqual([first.scan.scanId, second.scan.scanId]);
  });

  it('what nobody decided is asked again as the very same scan: by hand, and when the badge comes again', async () => {
    const { session, asked } = door();
    const taken = session.take({ token: token(1) }, post);
    asked[0]?.answer(undecided);
    await taken;
    const { shown } = session.now();
    expect(session.canRetry(shown as Entry)).toBe(true);
    const again = session.retry(shown as Entry);
    expect(session.now().shown).toBeUndefined();
    asked[1]?.answer(undecided);
    await again;
    const third = session.take({ token: token(1) }, post);
    expect(asked.map(({ scan }) => scan)).toEqual([asked[0]?.scan, asked[0]?.scan, asked[0]?.scan]);
    asked[2]?.answer(admitted((asked[2] as (typeof asked)[0]).scan));
    await third;
    expect(session.now().entries).toHaveLength(1);
    expect(session.canRetry(session.now().shown as Entry)).toBe(false);
    // Decided: the next time it is a scan of its own.
    void session.take({ token: token(1) }, post);
    expect(asked[3]?.scan.scanId).not.toBe(asked[0]?.scan.scanId);
  });

  it('undoing marks the scan on the screen and in the list', async () => {
    const { session, asked } = door();
    const taken = session.take({ token: token(1) }, post);
    asked[0]?.answer(admitted(asked[0].scan));
    await taken;
    await session.undo(session.now().shown as Entry);
    expect(session.now().shown?.undone).toBe(true);
    expect(session.now().entries[0]?.undone).toBe(true);
  });

  it('tells when the device was removed', async () => {
    const { session, asked, removed } = door();
    const taken = session.take({ token: token(1) }, post);
    asked[0]?.fail(new DeviceRemoved());
    await taken;
    expect(removed()).toBe(1);
    expect(session.now()).toMatchObject({ shown: undefined, checking: 0, entries: [] });
  });
});

describe('the list of scans', () => {
  const entry = (number: number, outcome: Outcome = { is: 'not_ours' }): Entry => ({
    ...post,
    scanId: String(number),
    at: number,
    outcome,
  });

  it('keeps the last 200', () => {
    const entries = Array.from({ length: 250 }, (_, number) => entry(number)).reduce(withEntry, [] as Entry[]);
    expect(entries).toHaveLength(MOST_SCANS);
    expect(entries[0]?.scanId).toBe('249');
  });

  it('asks for attention for all but plain admissions and exits', () => {
    const judged = (more: Partial<Verdict>): Outcome => {
      const outcome = admitted({ scanId: 'x' } as ScanBody);
      return outcome.is === 'verdict' ? { is: 'verdict', verdict: { ...outcome.verdict, ...more } } : outcome;
    };
    expect(needsAttention(entry(1, judged({})))).toBe(false);
    expect(needsAttention(entry(1, judged({ verdict: 'exited', detail: 'normal' })))).toBe(false);
    expect(needsAttention(entry(1, judged({ verdict: 'exited', detail: 'not_inside' })))).toBe(true);
    expect(needsAttention(entry(1, judged({ verdict: 'refused', reason: 'no_seat' })))).toBe(true);
    expect(needsAttention(entry(1, judged({ conflictId: 'c' })))).toBe(true);
    expect(needsAttention(entry(1, undecided))).toBe(true);
    expect(needsAttention({ ...entry(1, undecided), undone: true })).toBe(false);
  });
});
