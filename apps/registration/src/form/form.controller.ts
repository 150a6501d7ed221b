import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, IfMatch, Input } from '@plenary/platform';
import { Forms } from './form.service';

@Controller()
export class FormController {
  constructor(private readonly forms: Forms) {}

  @Handles(routes.getRegistrationForm)
  get(@Input() input: InputOf<typeof routes.getRegistrationForm>, @By() caller: Caller) {
    return this.forms.get(input, caller);
  }

  @Handles(routes.putRegistrationForm)
  put(@Input() input: InputOf<typeof routes.putRegistrationForm>, @By() caller: Caller, @IfMatch() ifMatch: string) {
    return this.forms.put(input, caller, ifMatch);
  }
}
