import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, Input } from '@plenary/platform';
import { Waitlist } from './waitlist.service';

@Controller()
export class WaitlistController {
  constructor(private readonly waitlist: Waitlist) {}

  @Handles(routes.listWaitlist)
  list(@Input() input: InputOf<typeof routes.listWaitlist>, @By() caller: Caller) {
    return this.waitlist.list(caller, input.params.id, input.query);
  }

  @Handles(routes.promoteOutOfTurn)
  promote(@Input() input: InputOf<typeof routes.promoteOutOfTurn>, @By() caller: Caller) {
    return this.waitlist.promote(caller, input.params.id, input.params.registrationId, input.body.reason);
  }
}
