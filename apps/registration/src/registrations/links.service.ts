import { Injectable } from '@nestjs/common';
import { type AnswerOf, type InputOf, registrationAmended, routes } from '@plenary/contracts';
import { Database, publish } from '@plenary/messaging';
import { audit, authorise, type Caller, LinkGenerations, LinkTokens, Problem } from '@plenary/platform';
import { lockRegistration, saveNextVersion, stateOf } from './registration';

const route = routes.rotateLink;

/** Which links are good, by the rows themselves: a replaced one is dead at once. */
@Injectable()
export class CurrentLinks extends LinkGenerations {
  constructor(private readonly database: Database) {
    super();
  }

  async current(
    kind: 'delegate' | 'leader',
    id: string,
  ): Promise<{ generation: number; conferenceId: string } | undefined> {
    const table = kind === 'delegate' ? 'registrations' : 'delegations';
    const [link] = await this.database.query<{ generation: number; conferenceId: string }>(
      `SELECT link_generation AS generation, conference_id AS "conferenceId" FROM ${table} WHERE id = $1`,
      [id],
    );
    return link;
  }
}

@Injectable()
export class Links {
  constructor(
    private readonly database: Database,
    private readonly links: LinkTokens,
  ) {}

  /** Delegates replace their own link; staff name the registration. */
  rotate({ body }: InputOf<typeof route>, caller: Caller): Promise<AnswerOf<typeof route>> {
    const own = caller.kind === 'delegate' ? caller.registrationId : undefined;
    const id = body?.registrationId ?? own;
    if (id === undefined) {
      throw new Problem(422, 'registration_missing', 'Say whose link is to be replaced: add `registrationId`.');
    }
    if (own !== undefined && id !== own) throw Problem.notFound('registration');
    return this.database.transaction(async (tx) => {
      const row = await lockRegistration(tx, id);
      authorise(caller, route.who, { conferenceId: row.conferenceId });
      row.linkGeneration += 1;
      await saveNextVersion(tx, row, new Date());
      await publish(tx, registrationAmended, stateOf(row));
      if (caller.kind === 'staff') {
        await audit(tx, caller, {
          conferenceId: row.conferenceId,
          action: 'registration.rotate_link',
          target: { kind: 'registration', id },
        });
      }
      return { delegateToken: this.links.make('delegate', id, row.linkGeneration) };
    });
  }
}
