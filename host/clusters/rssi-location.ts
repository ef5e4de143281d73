/** RSSI Location 0x000b (ZCL 3.13) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, each, flagPart, from, has, hex, hexPart, is, masked, not, shownAs, when } from './item.ts';

/** RSSI Location 0x000b. */
export const RSSI_LOCATION = cluster(0x000b, 'RSSI Location', 'zbee_zcl_general.rssi_location', (n) => ({
  attributes: {
    0x0000: bits(1, n('attr_id.location_type'), [
      hexPart(n('attr_id.location_type.abs'), 0x1),
      hexPart(n('attr_id.location_type.2D'), 0x2),
      hexPart(n('attr_id.location_type.coordinate'), 0xc),
      flagPart(n('attr_id.location_type.reserved'), 0xf0),
    ]),
    0x0001: hex(1, n('attr_id.location_method')),
  },
  toServer: {
    0x00: command('Set Absolute Location', [
      hex(2, n('coordinate1')),
      hex(2, n('coordinate2')),
      hex(2, n('coordinate3')),
      hex(2, n('power')),
      hex(2, n('path_loss_exponent')),
    ]),
    0x01: command('Set Device Configuration', [
      hex(2, n('power')),
      hex(2, n('path_loss_exponent')),
      hex(2, n('calc_period')),
      hex(1, n('number_rssi_meas')),
      hex(2, n('reporting_period')),
    ]),
    0x02: command('Get Device Configuration', [hex(8, n('target_add'))]),
    0x03: command('Get Location Data', [
      bits(1, n('location_header'), [
        flagPart(n('header.abs_only'), 0x1),
        flagPart(n('header.recalc'), 0x2),
        flagPart(n('header.bcast_ind'), 0x4),
        flagPart(n('header.bcast_response'), 0x8),
        flagPart(n('compact_res'), 0x10),
        flagPart(n('reserved'), 0xe0),
      ]),
      hex(1, n('number_responses')),
      when(has('locationHeader', 0x04), [hex(8, n('target_add'))]),
    ]),
    0x04: command('RSSI Response', [
      hex(8, n('replying_device')),
      hex(2, n('coordinate1')),
      hex(2, n('coordinate2')),
      hex(2, n('coordinate3')),
      dec(1, n('rssi')),
      shownAs(hex(2, n('number_rssi_meas')), hex(1, n('number_rssi_meas'))),
    ]),
    0x05: command('Send Pings', [hex(8, n('target_add')), hex(1, n('number_rssi_meas')), hex(2, n('calc_period'))]),
    0x06: command('Anchor Node Announce', [
      hex(8, n('anchor_node_add')),
      hex(2, n('coordinate1')),
      hex(2, n('coordinate2')),
      hex(2, n('coordinate3')),
    ]),
  },
  toClient: {
    0x00: command('Device Configuration Response', [
      hex(1, n('status')),
      when(is('status', 0), [
        hex(2, n('power')),
        hex(2, n('path_loss_exponent')),
        hex(2, n('calc_period')),
        hex(1, n('number_rssi_meas')),
        hex(2, n('reporting_period')),
      ]),
    ]),
    0x01: command('Location Data Response', [
      hex(1, n('status')),
      when(is('status', 0), [
        bits(1, n('attr_id.location_type'), [
          hexPart(n('attr_id.location_type.abs'), 0x1),
          hexPart(n('attr_id.location_type.2D'), 0x2),
          hexPart(n('attr_id.location_type.coordinate'), 0xc),
          flagPart(n('attr_id.location_type.reserved'), 0xf0),
        ]),
        hex(2, n('coordinate1')),
        hex(2, n('coordinate2')),
        hex(2, n('coordinate3')),
        hex(2, n('power')),
        hex(2, n('path_loss_exponent')),
        hex(1, n('attr_id.location_method')),
        hex(1, n('quality_measure')),
        hex(2, n('location_age')),
      ]),
    ]),
    0x02: command('Location Data Notification', [
      bits(1, n('attr_id.location_type'), [
        hexPart(n('attr_id.location_type.abs'), 0x1),
        hexPart(n('attr_id.location_type.2D'), 0x2),
        hexPart(n('attr_id.location_type.coordinate'), 0xc),
        flagPart(n('attr_id.location_type.reserved'), 0xf0),
      ]),
      hex(2, n('coordinate1')),
      hex(2, n('coordinate2')),
      when(not(has('locationType', 0x02)), [hex(2, n('coordinate3'))]),
      hex(2, n('power')),
      hex(2, n('path_loss_exponent')),
      when(not(masked('locationType', 0x0c, 0x0c)), [
        hex(1, n('attr_id.location_method')),
        hex(1, n('quality_measure')),
        hex(2, n('location_age')),
      ]),
    ]),
    0x03: command('Compact Location Data Notification', [
      bits(1, n('attr_id.location_type'), [
        hexPart(n('attr_id.location_type.abs'), 0x1),
        hexPart(n('attr_id.location_type.2D'), 0x2),
        hexPart(n('attr_id.location_type.coordinate'), 0xc),
        flagPart(n('attr_id.location_type.reserved'), 0xf0),
      ]),
      hex(2, n('coordinate1')),
      hex(2, n('coordinate2')),
      when(not(has('locationType', 0x02)), [hex(2, n('coordinate3'))]),
      when(not(masked('locationType', 0x0c, 0x0c)), [hex(1, n('quality_measure')), hex(2, n('location_age'))]),
    ]),
    0x04: command('RSSI Ping', [
      bits(1, n('attr_id.location_type'), [
        hexPart(n('attr_id.location_type.abs'), 0x1),
        hexPart(n('attr_id.location_type.2D'), 0x2),
        hexPart(n('attr_id.location_type.coordinate'), 0xc),
        flagPart(n('attr_id.location_type.reserved'), 0xf0),
      ]),
    ]),
    0x05: command('RSSI Request', []),
    0x06: command('Report RSSI Measurements', [
      hex(8, n('reporting_add')),
      dec(1, n('no_of_neigh')),
      each(
        from('noOfNeigh'),
        'neighbours',
        hex(8, n('neighbour_add')),
        hex(2, n('coordinate1')),
        hex(2, n('coordinate2')),
        hex(2, n('coordinate3')),
        dec(1, n('rssi')),
        hex(1, n('number_rssi_meas')),
      ),
    ]),
    0x07: command('Request Own Location', [hex(8, n('request_add'))]),
  },
}));
