import { Injectable } from '@nestjs/common';
import { topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, type SnapshotSource, type Tx } from '@plenary/messaging';
import { deviceSnapshots } from './devices/device-row';
import { staffSnapshots } from './staff/accounts';

/** Repeats the state behind the topic `access`: all devices, then all staff. The cursor is `device/<id>` or `staff/<id>`. */
@Injectable()
export class AccessSnapshots implements SnapshotSource {
  readonly topic = topics.access;

  async page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }> {
    const [kind, id = ''] = (after ?? 'device/').split('/');
    if (kind === 'device') {
      const devices = await deviceSnapshots(tx, { after: id || null, limit });
      const last = devices.length === limit ? devices.at(-1) : undefined;
      return {
        events: devices.map(({ definition, body }) => outgoing(definition, body)),
        next: last ? `device/${last.id}` : 'staff/',
      };
    }
    const staff = await staffSnapshots(tx, { after: id || null, limit });
    const last = staff.length === limit ? staff.at(-1) : undefined;
    return {
      events: staff.map(({ definition, body }) => outgoing(definition, body)),
      next: last ? `staff/${last.id}` : null,
    };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const devices = await deviceSnapshots(tx, { id: subject });
    const staff = await staffSnapshots(tx, { id: subject });
    return [
      ...devices.map(({ definition, body }) => outgoing(definition, body)),
      ...staff.map(({ definition, body }) => outgoing(definition, body)),
    ];
  }
}
