import { Injectable } from '@nestjs/common';
import { gateSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import { type GateRow, gateColumns, stateOf } from '../gates/gate-row';

@Injectable()
export class GateSnapshots implements SnapshotSource {
  readonly topic = topics.gates;

  async page(tx: Tx, after: string | null, limit: number) {
    const gates = await rows<GateRow>(
      tx,
      `SELECT ${gateColumns} FROM gates WHERE $1::uuid IS NULL OR gate_id > $1 ORDER BY gate_id LIMIT $2 FOR SHARE`,
      [after, limit],
    );
    return { events: gates.map(told), next: gates.length < limit ? null : (gates.at(-1)?.gateId ?? null) };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    if (!isUuid(subject)) return [];
    return (await rows<GateRow>(tx, `SELECT ${gateColumns} FROM gates WHERE gate_id = $1 FOR SHARE`, [subject])).map(
      told,
    );
  }
}

function told(gate: GateRow): OutgoingEvent {
  return outgoing(gateSnapshot, stateOf(gate, new Date()));
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
