/** Partition 0x0016 (ZCL 9.4) as tables: frames longer than a payload, in pieces. */
import { cluster, command } from './cluster.ts';
import { bits, choose, dec, decPart, each, has, hex, hexPart, is, prefixOrNone, raw, when, whole } from './item.ts';
import { shownTypes } from './data-type.ts';

const attribute = hex(2, 'zbee_zcl_general.part.attr_id', 'attribute');
const type = hex(1, 'zbee_zcl.attr.data.type', 'type');
const value = choose('type', shownTypes('zbee_zcl_general.part.attr_id'));

/** Partition 0x0016. */
export const PARTITION = cluster(0x0016, 'Partition', 'zbee_zcl_general.part', (n) => ({
  toServer: {
    0x00: command('Transfer Partitioned Frame', [
      bits(1, n('opt'), [hexPart(n('opt.first_block'), 0x1), decPart(n('opt.indic_len'), 0x2), hexPart(n('opt.res'), 0xc0)]),
      when(has('opt', 0x02), [dec(2, n('part_indicator'))], [dec(1, n('part_indicator'))]),
      raw(prefixOrNone(1), n('part_frame')),
    ]),
    0x01: command('Read Handshake Parameters', [hex(2, n('part_cluster_id')), each('rest', 'records', attribute)]),
    0x02: command('Write Handshake Parameters', [hex(2, n('part_cluster_id')), each(whole(1, 64), 'records', attribute, type, value)]),
  },
  toClient: {
    0x00: command('Multiple Ack', [
      bits(
        1,
        'zbee_zcl_general.ack_opt.part',
        [hexPart('zbee_zcl_general.ack_opt.part.nack_id.len', 0x1), hexPart(n('ack_opt.reserved'), 0xfe)],
        'options',
      ),
      when(
        has('options', 0x01),
        [dec(2, n('first_frame_id')), each(whole(1, 16), 'missing', dec(2, n('nack_id')))],
        [dec(1, n('first_frame_id')), each(whole(1, 16), 'missing', dec(1, n('nack_id')))],
      ),
    ]),
    0x01: command('Read Handshake Parameters Response', [
      hex(2, n('part_cluster_id')),
      each(whole(1, 64), 'records', attribute, hex(1, 'zbee_zcl.attr.status', 'status'), when(is('status', 0), [type, value])),
    ]),
  },
}));
