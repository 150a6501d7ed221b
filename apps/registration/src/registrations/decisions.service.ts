import { Injectable } from '@nestjs/common';
import {
  type Registration,
  registrationApproved,
  registrationCancelled,
  registrationDeclined,
  registrationReinstated,
  registrationReset,
  routes,
} from '@plenary/contracts';
import { Database, type OutgoingEvent, publish, publishAll, type Tx } from '@plenary/messaging';
import { Answer, audit, authorise, type Caller, Changes } from '@plenary/platform';
import { ask, type Choice, choicesOf, isActive, isWished, release, saveChoices } from '../choices/choice';
import { lockDelegationWithRoom } from '../delegations/quota';
import { Readings } from './readings.service';
import { lockRegistration, type RegistrationRow, saveNextVersion, stateOf } from './registration';
import { type Act, transition } from './transitions.rules';

const told = {
  approve: registrationApproved,
  decline: registrationDeclined,
  reset: registrationReset,
  cancel: registrationCancelled,
  reinstate: registrationReinstated,
} as const;

/** What the organiser decides about a registration. */
@Injectable()
export class Decisions {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly readings: Readings,
  ) {}

  /** 409 `transition_not_allowed`; 409 `quota_reached` where a delegation has no room for one who returns. */
  async decide(
    act: Act,
    { params, body }: { params: { id: string }; body: { reason?: string | undefined } },
    caller: Caller,
  ): Promise<Answer<Registration>> {
    await this.database.transaction(async (tx) => {
      const row = await lockRegistration(tx, params.id);
      const { conferenceId } = row;
      authorise(caller, routes.approveRegistration.who, { conferenceId });
      const before = row.status;
      Object.assign(row, transition(act, row));
      const returns = before === 'declined' || before === 'cancelled';
      if (returns && row.delegationId) await lockDelegationWithRoom(tx, row.delegationId);

      const now = new Date();
      await saveNextVersion(tx, row, now);
      await publish(tx, told[act], stateOf(row));
      const held = (await choicesOf(tx, [row.id])).get(row.id) as Map<string, Choice>;
      if (row.status === 'approved') await askForAll(tx, row, held, now);
      else if (row.status === 'pending') await awaitApproval(tx, row, held, now);
      else await releaseAll(tx, row, held, now);
      await audit(tx, caller, {
        conferenceId,
        action: `registration.${act}`,
        target: { kind: 'registration', id: row.id },
        reason: body.reason,
        details: { from: before, to: row.status },
      });
      this.changes.touch(tx, row.id);
    });
    const { registration, etag } = await this.readings.settled(params.id, 0);
    return new Answer(registration, { etag });
  }
}

/** Asks for every wished seat, in the order of the list: at the tail of each queue. */
async function askForAll(tx: Tx, row: RegistrationRow, held: ReadonlyMap<string, Choice>, now: Date): Promise<void> {
  const wished = [...held.values()].filter(isWished);
  const order = (choice: Choice) => row.subForumIds.indexOf(choice.subForumId);
  wished.sort((a, b) => order(a) - order(b));
  const events = wished.map((choice) => ask(choice, row, now));
  await saveChoices(tx, wished);
  await publishAll(tx, events);
}

/** Gives up what is held; the wishes stay, and will be asked for on approval. */
async function awaitApproval(
  tx: Tx,
  row: RegistrationRow,
  held: ReadonlyMap<string, Choice>,
  now: Date,
): Promise<void> {
  const wished = [...held.values()].filter(isWished);
  const events: OutgoingEvent[] = [];
  for (const choice of wished) {
    if (isActive(choice)) events.push(...release(choice, row, 'registration_cancelled', now));
    Object.assign(choice, { state: 'awaiting_approval', reason: null });
  }
  await saveChoices(tx, wished);
  await publishAll(tx, events);
}

/** Gives up every seat and every place in a queue. */
export async function releaseAll(
  tx: Tx,
  row: RegistrationRow,
  held: ReadonlyMap<string, Choice>,
  now: Date,
): Promise<void> {
  const active = [...held.values()].filter(isActive);
  const events = active.flatMap((choice) => release(choice, row, 'registration_cancelled', now));
  await saveChoices(tx, active);
  await publishAll(tx, events);
}
