import { ApiError, type Client } from '@plenary/contracts';
import { serverJudge } from './judge';
import { ServerClock } from './server-clock';

// The route table is made when the app is built.
jest.mock('../shell/api', () => ({ routes: { postScan: { id: 'postScan' } } }));

const scan = { scanId: 'one', gateId: 'gate', direction: 'entry', token: 'T', scannedAt: 'now' } as const;
const patience = { tryMs: 50, allMs: 5_000, pausesMs: [1, 1] };
const problem = (status: number, code: string) =>
  new ApiError('postScan', status, { type: '', title: '', status, code, detail: '' });
const verdict = { verdict: 'admitted', replay: false, decidedAt: new Date().toISOString() };

/** A server that answers in this order; what was sent to it. */
function server(...answers: unknown[]) {
  const sent: unknown[] = [];
  const call = async (_route: unknown, { body }: { body: unknown }) => {
    sent.push(body);
    const answer = answers[sent.length - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { sent, judge: serverJudge({ call } as unknown as Client, new ServerClock(), patience) };
}

describe('asking the server', () => {
  it('sends the same scan again where there was no answer or the server was too busy', async () => {
    const { sent, judge } = server(new TypeError('Failed to fetch'), problem(503, 'could_not_decide'), verdict);
    expect(await judge(scan)).toEqual({ is: 'verdict', verdict });
    expect(sent).toEqual([scan, scan, scan]);
  });

  it('gives up after a few tries, and says why', async () => {
    const lost = new TypeError('Failed to fetch');
    const { sent, judge } = server(lost, lost, lost, lost);
    expect(await judge(scan)).toEqual({ is: 'undecided', why: 'no_answer' });
    expect(sent).toHaveLength(3);
  });

  it.each([
    [403, 'gate_not_bound', 'gate_not_bound'],
    [404, 'not_found', 'gate_gone'],
    [422, 'scanned_at_implausible', 'clock'],
    [422, 'scan_id_reused', 'refused'],
    [429, 'rate_limited', 'busy'],
  ])('%d %s is not asked again: %s', async (status, code, why) => {
    const { sent, judge } = server(problem(status, code));
    expect(await judge(scan)).toEqual({ is: 'undecided', why });
    expect(sent).toHaveLength(1);
  });

  it('401: the device was removed', async () => {
    await expect(server(problem(401, 'device_revoked')).judge(scan)).rejects.toThrow(
      expect.objectContaining({ name: 'DeviceRemoved' }),
    );
  });
});
