/** Events cluster 0x0709 (ZSE annex D.11) as tables. */
import { command, type Cluster } from './cluster.ts';
import { dec, each, hex, prefixOrNone, raw, utc } from './item.ts';

const events = (name: string): string => `zbee_zcl_se.events.${name}`;

/** The cluster. */
export const EVENTS: Cluster = {
  id: 0x0709,
  name: 'Events',
  attributeName: 'zbee_zcl.attr.id',
  attributes: {},
  toServer: {
    name: 'zbee_zcl_se.events.cmd.srv_rx.id',
    commands: {
      0x00: command('Get Event Log', [
        hex(1, events('get_event_log.event_control_log_id')),
        hex(2, events('get_event_log.event_id')),
        utc(events('get_event_log.start_time')),
        utc(events('get_event_log.end_time')),
        dec(1, events('get_event_log.number_of_events')),
        dec(2, events('get_event_log.event_offset')),
      ]),
      0x01: command('Clear Event Log Request', [hex(1, events('clear_event_log_request.log_id'))]),
    },
  },
  toClient: {
    name: 'zbee_zcl_se.events.cmd.srv_tx.id',
    commands: {
      0x00: command('Publish Event', [
        hex(1, events('publish_event.log_id')),
        hex(2, events('publish_event.event_id')),
        utc(events('publish_event.event_time')),
        hex(1, events('publish_event.event_control')),
        raw(prefixOrNone(1), events('publish_event.event_data')),
      ]),
      0x01: command('Publish Event Log', [
        dec(2, events('publish_event_log.event_id')),
        dec(1, events('publish_event_log.command_index')),
        dec(1, events('publish_event_log.total_commands')),
        hex(1, events('publish_event_log.number_of_events_log_payload_control')),
        each(
          'rest',
          'entries',
          hex(1, events('publish_event_log.log_id')),
          dec(2, events('publish_event_log.event_id')),
          utc(events('publish_event_log.event_time')),
          raw(prefixOrNone(1), events('publish_event_log.event_data')),
        ),
      ]),
      0x02: command('Clear Event Log Response', [hex(1, events('clear_event_log_response.cleared_event_logs'))]),
    },
  },
};
