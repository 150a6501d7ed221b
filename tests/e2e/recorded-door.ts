import { randomUUID } from 'node:crypto';
import { type Gate, routes, type Scan } from '@plenary/contracts';
import type { DoorDeed, Recorder } from '@plenary/testing';
import { anyReplica, type Chance, pick, sent } from './recorded';

/** A device at one gate of a room, scanning whoever comes; it notes what it was told. */
export class RecordedDoor {
  constructor(
    private readonly room: string,
    private readonly gate: Gate,
    private readonly token: string,
    /** The QR's texts by the names of their holders. */
    private readonly badges: ReadonlyMap<string, string>,
    private readonly recorder: Recorder<DoorDeed>,
    private readonly chance: Chance,
  ) {}

  async act(scans: number): Promise<void> {
    for (let count = 0; count < scans; count++) {
      await this.scan(pick([...this.badges.keys()], this.chance), this.chance() < 0.65 ? 'entry' : 'exit');
    }
  }

  async scan(badge: string, direction: 'entry' | 'exit'): Promise<void> {
    const { room, gate, token, chance } = this;
    const at = Date.now();
    const scanId = randomUUID();
    const body: Scan = {
      ...{ scanId, gateId: gate.id, direction, token: this.badges.get(badge) as string },
      scannedAt: new Date(at).toISOString(),
    };
    const deed: DoorDeed = { scanId, badge, room, gate: gate.name, direction, at };
    const begun = this.recorder.begin(gate.name, deed);
    const { answer, refusal } = await sent(
      chance,
      (signal) => anyReplica('check-in', token, chance).call(routes.postScan, { body }, { signal }),
      chance() < 0.7,
    );
    if (refusal) throw refusal;
    if (!answer) return;
    const verdict = `${answer.verdict} ${answer.detail ?? answer.reason}`;
    begun.answered({ ...deed, said: { verdict, inside: answer.room.inside, firstGate: answer.first?.gate } });
  }
}
