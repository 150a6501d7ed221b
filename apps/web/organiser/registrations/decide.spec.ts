import { ApiError, type Client, type Registration } from '@plenary/contracts';
import { decide } from './decide';

// What Vite makes of the route table when the app is built.
jest.mock('virtual:routes', () => jest.requireActual('@plenary/contracts'), { virtual: true });

const registration = (status: string) => ({ id: 'r', status }) as Registration;
const problem = (status: number, retryAfter?: number) =>
  new ApiError('x', status, { type: '', title: '', status, code: 'made_up', detail: '' }, retryAfter);

/** A client whose calls end as listed, one after the other; `GET` and `POST` are told apart in `calls`. */
function clientOf(...ends: (Registration | Error)[]): { client: Pick<Client, 'call'>; calls: string[] } {
  const calls: string[] = [];
  const call = async (route: { method: string }) => {
    calls.push(route.method);
    const end = ends.shift();
    if (end instanceof Error) throw end;
    return end;
  };
  return { client: { call: call as unknown as Client['call'] }, calls };
}

describe('acting on a registration', () => {
  const waits: number[] = [];
  const rest = async (ms: number) => void waits.push(ms);
  beforeEach(() => waits.splice(0));

  it('answers what is stored', async () => {
    const { client, calls } = clientOf(registration('approved'));
    expect(await decide(client, 'approve', 'r', undefined, rest)).toEqual(registration('approved'));
    expect(calls).toEqual(['POST']);
  });

  it('is not repeated where it is refused', async () => {
    const { client, calls } = clientOf(problem(409));
    await expect(decide(client, 'approve', 'r', undefined, rest)).rejects.toMatchObject({ status: 409 });
    expect(calls).toEqual(['POST']);
  });

  it('waits as long as a busy server asks for', async () => {
    const { client } = clientOf(problem(429, 3), problem(503), registration('declined'));
    expect(await decide(client, 'decline', 'r', undefined, rest)).toEqual(registration('declined'));
    expect(waits).toEqual([3000, 1000]);
  });

  it('looks before it repeats what may have been done', async () => {
    const { client, calls } = clientOf(new TypeError('cut off'), registration('approved'));
    expect(await decide(client, 'approve', 'r', undefined, rest)).toEqual(registration('approved'));
    expect(calls).toEqual(['POST', 'GET']);
  });

  it('repeats what has not been done, and gives up in the end', async () => {
    const cut = new TypeError('cut off');
    const { client, calls } = clientOf(cut, registration('pending'), cut, cut, cut, registration('pending'), cut);
    await expect(decide(client, 'approve', 'r', undefined, rest)).rejects.toBe(cut);
    expect(calls).toEqual(['POST', 'GET', 'POST', 'GET', 'POST', 'GET', 'POST']);
  });
});
