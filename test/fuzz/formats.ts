/** Every table of host/clusters by a name: what the decoder looks up, one format a row. */
import { APS_COMMANDS } from '../../host/clusters/aps-commands.ts';
import { clusters } from '../../host/clusters/catalogue.ts';
import { DATA_TYPES } from '../../host/clusters/data-type.ts';
import { foundation } from '../../host/clusters/foundation-table.ts';
import type { Format } from '../../host/clusters/item.ts';
import { BEACON, MAC_COMMANDS, ZIGBEE_BEACON } from '../../host/clusters/mac-payload.ts';
import { NWK_COMMANDS } from '../../host/clusters/nwk-commands.ts';
import { ZDP_COMMANDS, ZDP_SEQUENCE } from '../../host/clusters/zdp.ts';

/** A format under the name of its table. */
export interface NamedFormat {
  readonly name: string;
  readonly format: Format;
}

/** Every format there is. */
export function formats(): readonly NamedFormat[] {
  const table = (name: string, rows: Readonly<Record<number, Format>>, before: Format = []): NamedFormat[] =>
    Object.entries(rows).map(([id, format]) => ({ name: `${name} 0x${Number(id).toString(16)}`, format: [...before, ...format] }));
  const commands = (name: string, rows: Readonly<Record<number, { readonly format: Format }>>): NamedFormat[] =>
    Object.entries(rows).map(([id, { format }]) => ({ name: `${name} 0x${Number(id).toString(16)}`, format }));
  return [
    ...table('mac', MAC_COMMANDS),
    { name: 'beacon', format: BEACON },
    { name: 'zigbee-beacon', format: ZIGBEE_BEACON },
    ...table('nwk', NWK_COMMANDS),
    ...table('aps', APS_COMMANDS),
    ...table('zdp', ZDP_COMMANDS, [ZDP_SEQUENCE]),
    ...table('type', DATA_TYPES),
    ...table('zcl', foundation(undefined, true)),
    ...clusters().flatMap((cluster) => [
      ...commands(`${cluster.name} to server`, cluster.toServer.commands),
      ...commands(`${cluster.name} to client`, cluster.toClient.commands),
      ...table(`${cluster.name} zcl to server`, foundation(cluster, true)),
      ...table(`${cluster.name} zcl to client`, foundation(cluster, false)),
    ]),
  ];
}
