import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, type IdempotencyKey, IfMatch, Input, LastEventId, Once } from '@plenary/platform';
import { GateCounter } from './gate-counts.service';
import { Gates } from './gates.service';
import { GateSearch } from './search.service';

@Controller()
export class GatesController {
  constructor(
    private readonly gates: Gates,
    private readonly people: GateSearch,
    private readonly counter: GateCounter,
  ) {}

  @Handles(routes.listGates)
  list(@Input() input: InputOf<typeof routes.listGates>, @By() caller: Caller) {
    return this.gates.list(input, caller);
  }

  @Handles(routes.createGate)
  create(@Input() input: InputOf<typeof routes.createGate>, @By() caller: Caller, @Once() key?: IdempotencyKey) {
    return this.gates.create(input, caller, key);
  }

  @Handles(routes.getGate)
  get(@Input() input: InputOf<typeof routes.getGate>, @By() caller: Caller) {
    return this.gates.get(input.params.id, caller);
  }

  @Handles(routes.changeGate)
  change(@Input() input: InputOf<typeof routes.changeGate>, @By() caller: Caller, @IfMatch() ifMatch: string) {
    return this.gates.change(input, caller, ifMatch);
  }

  @Handles(routes.searchAtGate)
  search(@Input() input: InputOf<typeof routes.searchAtGate>, @By() caller: Caller) {
    return this.people.search(input, caller);
  }

  @Handles(routes.watchGate)
  watch(
    @Input() { params }: InputOf<typeof routes.watchGate>,
    @By() caller: Caller,
    @LastEventId() lastEventId: string | undefined,
  ) {
    return this.counter.watch(params.id, caller, lastEventId);
  }
}
