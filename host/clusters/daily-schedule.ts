/** Daily Schedule cluster 0x070d (ZSE) as tables. */
import { cluster, command } from './cluster.ts';
import { choose, dec, each, hex, prefixOrNone, text, upTo, utc } from './item.ts';

const daily = (name: string): string => `zbee_zcl_se.daily_schedule.${name}`;

/** The cluster. */
export const DAILY_SCHEDULE = cluster(0x070d, 'Daily Schedule', 'zbee_zcl_se.daily_schedule', () => ({
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Get Schedule', [
      dec(4, daily('provider_id')),
      utc(daily('earliest_start_time')),
      dec(4, daily('min_issuer_event_id')),
      dec(1, daily('number_of_schedules')),
      hex(1, daily('type')),
    ]),
    0x01: command('Get Day Profile', [dec(4, daily('provider_id')), dec(4, daily('id'))]),
    0x05: command('Get Schedule Cancellation', []),
  },
  toClient: {
    0x00: command('Publish Schedule', [
      dec(4, daily('provider_id')),
      dec(4, daily('issuer_event_id')),
      dec(4, daily('id')),
      utc(daily('start_time')),
      hex(1, daily('type')),
      hex(1, daily('time_reference')),
      text(prefixOrNone(1), daily('name')),
    ]),
    0x01: command('Publish Day Profile', [
      dec(4, daily('provider_id')),
      dec(4, daily('issuer_event_id')),
      dec(4, daily('id')),
      dec(1, daily('total_number_of_schedule_entries')),
      dec(1, daily('command_index')),
      dec(1, daily('number_of_schedules')),
      hex(1, daily('type')),
      // As Wireshark reads them: entries of every type while four bytes are left, those that are not of prices by their time alone.
      each(
        upTo('totalNumberOfScheduleEntries', 4),
        'entries',
        dec(2, daily('schedule_entry.start_time')),
        choose('type', {
          0x00: [dec(1, daily('schedule_entry.price_tier')), hex(1, daily('schedule_entry.auxiliary_load_switch_state'))],
        }),
      ),
    ]),
    0x05: command('Cancel Schedule', [dec(4, daily('provider_id')), dec(4, daily('id')), hex(1, daily('type'))]),
  },
}));
