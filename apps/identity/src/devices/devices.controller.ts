import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, type IdempotencyKey, Input, Once } from '@plenary/platform';
import { Devices } from './devices.service';

@Controller()
export class DevicesController {
  constructor(private readonly devices: Devices) {}

  @Handles(routes.listDevices)
  list(@Input() input: InputOf<typeof routes.listDevices>, @By() caller: Caller) {
    return this.devices.list(input, caller);
  }

  @Handles(routes.createDevice)
  create(@Input() input: InputOf<typeof routes.createDevice>, @By() caller: Caller, @Once() key?: IdempotencyKey) {
    return this.devices.create(input, caller, key);
  }

  @Handles(routes.enrolDevice)
  enrol(@Input() input: InputOf<typeof routes.enrolDevice>) {
    return this.devices.enrol(input);
  }

  @Handles(routes.changeDevice)
  change(@Input() input: InputOf<typeof routes.changeDevice>, @By() caller: Caller) {
    return this.devices.change(input, caller);
  }

  @Handles(routes.revokeDevice)
  revoke(@Input() input: InputOf<typeof routes.revokeDevice>, @By() caller: Caller) {
    return this.devices.revoke(input, caller);
  }
}
