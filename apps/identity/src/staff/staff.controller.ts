import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, type IdempotencyKey, Input, Once } from '@plenary/platform';
import { Staff } from './staff.service';

@Controller()
export class StaffController {
  constructor(private readonly staff: Staff) {}

  @Handles(routes.listStaff)
  list(@Input() input: InputOf<typeof routes.listStaff>, @By() caller: Caller) {
    return this.staff.list(input, caller);
  }

  @Handles(routes.createStaff)
  create(@Input() input: InputOf<typeof routes.createStaff>, @By() caller: Caller, @Once() key?: IdempotencyKey) {
    return this.staff.create(input, caller, key);
  }

  @Handles(routes.changeStaff)
  change(@Input() input: InputOf<typeof routes.changeStaff>, @By() caller: Caller) {
    return this.staff.change(input, caller);
  }

  @Handles(routes.resetStaff)
  reset(@Input() input: InputOf<typeof routes.resetStaff>, @By() caller: Caller) {
    return this.staff.reset(input, caller);
  }
}
