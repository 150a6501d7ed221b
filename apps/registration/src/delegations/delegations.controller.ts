import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, type IdempotencyKey, Input, Once } from '@plenary/platform';
import { Delegations } from './delegations.service';

@Controller()
export class DelegationsController {
  constructor(private readonly delegations: Delegations) {}

  @Handles(routes.listDelegations)
  list(@Input() input: InputOf<typeof routes.listDelegations>, @By() caller: Caller) {
    return this.delegations.list(input, caller);
  }

  @Handles(routes.createDelegation)
  create(
    @Input() input: InputOf<typeof routes.createDelegation>,
    @By() caller: Caller,
    @Once() key: IdempotencyKey | undefined,
  ) {
    return this.delegations.create(input, caller, key);
  }

  @Handles(routes.getOwnDelegation)
  own(@By() caller: Caller) {
    return this.delegations.own(caller);
  }
}
