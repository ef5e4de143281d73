/** Events cluster 0x0709 (ZSE annex D.11) as tables. */
import { cluster, command } from './cluster.ts';
import { dec, each, hex, prefixOrNone, raw, utc, type Format } from './item.ts';

const events = (name: string): string => `zbee_zcl_se.events.${name}`;

/** An event tells its log since Smart Energy 1.2. */
const publishEvent = (log: boolean): Format => [
  ...(log ? [hex(1, events('publish_event.log_id'))] : []),
  hex(2, events('publish_event.event_id')),
  utc(events('publish_event.event_time')),
  hex(1, events('publish_event.event_control')),
  raw(prefixOrNone(1), events('publish_event.event_data')),
];

/** The cluster. */
export const EVENTS = cluster(0x0709, 'Events', 'zbee_zcl_se.events', () => ({
  attributeName: 'zbee_zcl.attr.id',
  toServer: {
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
  toClient: {
    0x00: command('Publish Event', publishEvent(true), publishEvent(false)),
    0x01: command('Publish Event Log', [
      dec(2, events('publish_event_log.event_id'), 'eventCount'),
      dec(1, events('publish_event_log.command_index')),
      dec(1, events('publish_event_log.total_commands')),
      hex(1, events('publish_event_log.number_of_events_log_payload_control')),
      each(
        'rest',
        'entries',
        hex(1, events('publish_event_log.log_id')),
        hex(2, events('publish_event_log.event_id')),
        utc(events('publish_event_log.event_time')),
        raw(prefixOrNone(1), events('publish_event_log.event_data')),
      ),
    ]),
    0x02: command('Clear Event Log Response', [hex(1, events('clear_event_log_response.cleared_event_logs'))]),
  },
}));
