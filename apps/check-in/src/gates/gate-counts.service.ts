import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type GateCounts, routes } from '@plenary/contracts';
import { walkInPlaces } from '@plenary/door-rules';
import { Database, rows } from '@plenary/messaging';
import { type Caller, Changes, type EventStream, streamRights } from '@plenary/platform';
import { DevicesByAccess, deviceKey } from '../known/devices';
import { holdersToCome } from '../scans/people-facts';
import { gateFacts, type Place, placeIdOf, placesOf } from '../scans/places';
import { placeKey } from '../stays/rooms';
import { usableGate } from './gate-access';

/** Counts this young are given again, and nobody is told more often: a rush costs no more than a trickle. */
const freshMs = 250;

/** How full the place behind a gate is, live. */
@Injectable()
export class GateCounter {
  private readonly recent = new Map<string, { at: number; counts: Promise<GateCounts | undefined> }>();

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly devices: DevicesByAccess,
  ) {}

  /** Now and after each change; ids say what was told, so any replica can go on. Ends with a device's rights. */
  async watch(gateId: string, caller: Caller, lastEventId: string | undefined): Promise<EventStream<GateCounts>> {
    const place = await usableGate(this.database, gateId, caller, routes.watchGate.who);
    return this.stream(place, caller, lastEventId);
  }

  private async *stream(place: Place, caller: Caller, lastEventId: string | undefined): EventStream<GateCounts> {
    const rights = caller.kind === 'device' ? await this.rightsOf(caller.id) : undefined;
    try {
      let seen = lastEventId;
      for await (const _ of this.changes.watch(placeKey(placeIdOf(place)), rights?.signal)) {
        const counts = await this.recentOf(place.gateId);
        if (!counts || rights?.signal.aborted) return;
        const id = `${counts.inside}.${counts.cap ?? '-'}.${counts.walkInPlaces ?? '-'}`;
        if (id !== seen) yield { id, data: counts };
        seen = id;
        await pause(freshMs);
      }
    } finally {
      rights?.end();
    }
  }

  /** Lost when the device is revoked, or enrolled anew. */
  private async rightsOf(deviceId: string) {
    const first = await this.devices.find(deviceId);
    return streamRights(this.changes, deviceKey(deviceId), async () => {
      const device = await this.devices.find(deviceId);
      return device?.state === 'enrolled' && device.tokenGeneration === first?.tokenGeneration;
    });
  }

  private recentOf(gateId: string): Promise<GateCounts | undefined> {
    const known = this.recent.get(gateId);
    if (known && Date.now() - known.at < freshMs) return known.counts;
    const counts = this.read(gateId);
    const entry = { at: Date.now(), counts };
    if (this.recent.size > 1000) this.recent.clear();
    this.recent.set(gateId, entry);
    // A failure is told once and not again.
    counts.catch(() => this.recent.get(gateId) === entry && this.recent.delete(gateId));
    return counts;
  }

  private async read(gateId: string): Promise<GateCounts | undefined> {
    const place = (await placesOf(this.database, [gateId])).get(gateId);
    if (!place) return undefined;
    const at = Date.now();
    const { subForumId, cap } = place;
    const { inside, toCome } = await this.database.transaction(async (tx) => {
      const [room] = await rows<{ inside: number }>(tx, 'SELECT inside FROM room_states WHERE place_id = $1', [
        placeIdOf(place),
      ]);
      const holders = subForumId && place.walkIn === 'always' ? await holdersToCome(tx, [subForumId]) : undefined;
      return { inside: room?.inside ?? 0, toCome: holders?.get(subForumId as string) ?? 0 };
    });
    const { subForum } = gateFacts(place, at);
    const seated = subForum?.admission === 'seat';
    return {
      gateId,
      inside,
      cap,
      walkInPlaces: seated ? walkInPlaces({ at, subForum, room: { inside, cap, holdersToCome: toCome } }) : null,
      at: new Date(at).toISOString(),
    };
  }
}
