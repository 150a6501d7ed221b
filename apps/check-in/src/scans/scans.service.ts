import { Injectable, Logger } from '@nestjs/common';
import { type ProblemDocument, type Scan, scan as scanContract, type Verdict } from '@plenary/contracts';
import { type Caller, fieldErrors, Problem, problemOf } from '@plenary/platform';
import { type Attempt, attemptOf } from './attempt';
import { Judge } from './judge';
import { Groups } from './scan-groups';

/** A group is short enough that whoever comes next hardly notices it. */
const size = 50;

@Injectable()
export class Scans {
  private readonly logger = new Logger(Scans.name);
  private readonly live: Groups<Attempt, Verdict | Problem>;
  /** Uploads keep out of the way of people who stand at a door. */
  private readonly uploads: Groups<Attempt, Verdict | Problem>;

  constructor(private readonly judge: Judge) {
    const run = (attempts: Attempt[]) => this.judgeEach(attempts);
    const keyOf = (attempt: Attempt) => attempt.scanId;
    this.live = new Groups(run, { size, inFlight: 2, keyOf });
    this.uploads = new Groups(run, { size, inFlight: 1, keyOf });
  }

  /** Judges one scan; 503 where nothing could be decided: the device keeps it and tries again. */
  async scan(scan: Scan, caller: Caller): Promise<Verdict> {
    const answer = await this.live.add(attemptOf(scan, standing(caller), Date.now()));
    if (answer instanceof Problem) throw answer;
    return answer;
  }

  /** Judges an upload one by one, in order; what is wrong with one is told in its place. */
  async batch(scans: readonly unknown[], caller: Caller): Promise<{ results: (Verdict | ProblemDocument)[] }> {
    const receivedAt = Date.now();
    const who = standing(caller);
    const answers = scans.map(async (one) => {
      const parsed = scanContract.safeParse(one);
      if (!parsed.success) {
        const errors = fieldErrors(parsed.error, '').slice(0, 20);
        return new Problem(400, 'request_invalid', 'This scan is malformed. See `errors`.', { errors });
      }
      try {
        return await this.uploads.add(attemptOf(parsed.data, who, receivedAt));
      } catch (error) {
        return problemOf(error);
      }
    });
    const results = await Promise.all(answers);
    return { results: results.map((answer) => (answer instanceof Problem ? answer.document() : answer)) };
  }

  /** One that cannot be judged must not take the others of its group with it: it is found by judging one by one. */
  private async judgeEach(attempts: readonly Attempt[]): Promise<(Verdict | Problem)[]> {
    try {
      return await this.judge.judge(attempts);
    } catch (error) {
      const problem = problemOf(error);
      const passes = problem.status === 503;
      if (attempts.length === 1 || passes) {
        if (!passes) this.logger.error('A scan could not be judged', error instanceof Error ? error.stack : error);
        return attempts.map(() => undecided());
      }
      const answers: (Verdict | Problem)[] = [];
      for (const attempt of attempts) answers.push(...(await this.judgeEach([attempt])));
      return answers;
    }
  }
}

/** The guard lets in devices and staff only. */
function standing(caller: Caller): Attempt['caller'] {
  if (caller.kind === 'device' || caller.kind === 'staff') return caller;
  throw new Problem(403, 'role_required', 'Only doors and staff scan badges.');
}

function undecided(): Problem {
  return new Problem(503, 'could_not_decide', 'The door could not decide just now. Keep the scan and send it again.', {
    retryAfterSeconds: 1,
  });
}
