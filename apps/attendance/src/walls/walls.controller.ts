import { Controller } from '@nestjs/common';
import { type InputOf, routes, type Wall } from '@plenary/contracts';
import {
  By,
  type Caller,
  Changes,
  type EventStream,
  Handles,
  Input,
  LastEventId,
  Problem,
  streamRights,
} from '@plenary/platform';
import { LivePictures } from '../attendance/live-pictures';
import { Pictures } from '../attendance/pictures';
import { WallLinkDesk, WallLinksByHash, wallLinkKey } from './wall-links.service';

@Controller()
export class WallsController {
  constructor(
    private readonly desk: WallLinkDesk,
    private readonly links: WallLinksByHash,
    private readonly pictures: Pictures,
    private readonly live: LivePictures,
    private readonly changes: Changes,
  ) {}

  @Handles(routes.createWallLink)
  create(@Input() input: InputOf<typeof routes.createWallLink>, @By() caller: Caller) {
    return this.desk.create(input, caller);
  }

  @Handles(routes.listWallLinks)
  list(@Input() input: InputOf<typeof routes.listWallLinks>, @By() caller: Caller) {
    return this.desk.list(input, caller);
  }

  @Handles(routes.revokeWallLink)
  revoke(@Input() input: InputOf<typeof routes.revokeWallLink>, @By() caller: Caller) {
    return this.desk.revoke(input, caller);
  }

  @Handles(routes.getWall)
  async get(@By() caller: Caller): Promise<Wall> {
    const { wall } = await this.pictures.recentOf(screen(caller).conferenceId);
    // Its conference is about to be told (again).
    if (!wall) throw Problem.unavailable();
    return wall;
  }

  @Handles(routes.watchWall)
  async *watch(@By() caller: Caller, @LastEventId() lastEventId: string | undefined): EventStream<Wall> {
    const { id, conferenceId } = screen(caller);
    const rights = streamRights(this.changes, wallLinkKey(id), () => this.links.exists(id));
    try {
      yield* this.live.watchWall(conferenceId, lastEventId, rights.signal);
    } finally {
      rights.end();
    }
  }
}

function screen(caller: Caller): Extract<Caller, { kind: 'wall' }> {
  if (caller.kind !== 'wall') throw Problem.notFound('wall');
  return caller;
}
