import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import {
  By,
  type Caller,
  Handles,
  type IdempotencyKey,
  IfMatch,
  Input,
  LastEventId,
  Once,
  Wait,
} from '@plenary/platform';
import { Calendars } from '../calendar/calendar.service';
import { Amendments } from './amendments.service';
import { Decisions } from './decisions.service';
import { Links } from './links.service';
import { Readings } from './readings.service';
import { Submissions } from './submissions.service';

@Controller()
export class RegistrationsController {
  constructor(
    private readonly submissions: Submissions,
    private readonly amendments: Amendments,
    private readonly decisions: Decisions,
    private readonly readings: Readings,
    private readonly links: Links,
    private readonly calendars: Calendars,
  ) {}

  @Handles(routes.submitRegistration)
  submit(
    @Input() input: InputOf<typeof routes.submitRegistration>,
    @By() caller: Caller,
    @Once() key: IdempotencyKey | undefined,
    @Wait() waitMs: number,
  ) {
    return this.submissions.submit(input, caller, key, waitMs);
  }

  @Handles(routes.getOwnRegistration)
  own(@By() caller: Caller, @Wait() waitMs: number) {
    return this.readings.own(caller, waitMs);
  }

  @Handles(routes.amendRegistration)
  amend(
    @Input() input: InputOf<typeof routes.amendRegistration>,
    @By() caller: Caller,
    @IfMatch() ifMatch: string,
    @Wait() waitMs: number,
  ) {
    return this.amendments.amend(input, caller, ifMatch, waitMs);
  }

  @Handles(routes.cancelOwnRegistration)
  cancelOwn(@By() caller: Caller) {
    return this.amendments.cancel(caller);
  }

  @Handles(routes.watchOwnRegistration)
  watchOwn(@By() caller: Caller, @LastEventId() lastEventId: string | undefined) {
    return this.readings.stream(caller, lastEventId);
  }

  @Handles(routes.getOwnCalendar)
  ownCalendar(@By() caller: Caller) {
    return this.calendars.own(caller);
  }

  @Handles(routes.rotateLink)
  rotateLink(@Input() input: InputOf<typeof routes.rotateLink>, @By() caller: Caller) {
    return this.links.rotate(input, caller);
  }

  @Handles(routes.listRegistrations)
  list(@Input() input: InputOf<typeof routes.listRegistrations>, @By() caller: Caller) {
    return this.readings.list(input, caller);
  }

  @Handles(routes.registrationCounts)
  counts(@Input() input: InputOf<typeof routes.registrationCounts>, @By() caller: Caller) {
    return this.readings.counts(input, caller);
  }

  @Handles(routes.getRegistration)
  byId(@Input() input: InputOf<typeof routes.getRegistration>, @By() caller: Caller, @Wait() waitMs: number) {
    return this.readings.byId(input, caller, waitMs);
  }

  @Handles(routes.approveRegistration)
  approve(@Input() input: InputOf<typeof routes.approveRegistration>, @By() caller: Caller) {
    return this.decisions.decide('approve', input, caller);
  }

  @Handles(routes.declineRegistration)
  decline(@Input() input: InputOf<typeof routes.declineRegistration>, @By() caller: Caller) {
    return this.decisions.decide('decline', input, caller);
  }

  @Handles(routes.resetRegistration)
  reset(@Input() input: InputOf<typeof routes.resetRegistration>, @By() caller: Caller) {
    return this.decisions.decide('reset', input, caller);
  }

  @Handles(routes.cancelRegistration)
  cancel(@Input() input: InputOf<typeof routes.cancelRegistration>, @By() caller: Caller) {
    return this.decisions.decide('cancel', input, caller);
  }

  @Handles(routes.reinstateRegistration)
  reinstate(@Input() input: InputOf<typeof routes.reinstateRegistration>, @By() caller: Caller) {
    return this.decisions.decide('reinstate', input, caller);
  }
}
