/** Calendar cluster 0x0707 (ZSE annex D.9) as tables. */
import { cluster, command } from './cluster.ts';
import { choose, dec, each, flag, hex, prefixOrNone, text, upTo, utc, whole, year, type Format } from './item.ts';

const calendar = (name: string): string => `zbee_zcl_se.calendar.${name}`;

/** An entry of a day profile: what it switches depends on the type of the calendar. */
const scheduleEntry: Format = [
  dec(2, calendar('schedule_entry.start_time')),
  choose('type', {
    0x00: [dec(1, calendar('schedule_entry.price_tier'))],
    0x01: [dec(1, calendar('schedule_entry.price_tier'))],
    0x02: [dec(1, calendar('schedule_entry.price_tier'))],
    0x03: [flag(calendar('schedule_entry.friendly_credit_enable'))],
    0x04: [hex(1, calendar('schedule_entry.auxiliary_load_switch_state'))],
  }),
];

/** The cluster. */
export const CALENDAR = cluster(0x0707, 'Calendar', 'zbee_zcl_se.calendar', () => ({
  attributes: { 0xfffe: hex(1, calendar('attr.attr_reporting_status')) },
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Get Calendar', [
      utc(calendar('earliest_start_time')),
      dec(4, calendar('min_issuer_event_id')),
      dec(1, calendar('number_of_calendars')),
      hex(1, calendar('type')),
      dec(4, calendar('provider_id')),
    ]),
    0x01: command('Get Day Profiles', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_calendar_id')),
      dec(1, calendar('start_day_id')),
      dec(1, calendar('number_of_days')),
    ]),
    0x02: command('Get Week Profiles', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_calendar_id')),
      dec(1, calendar('start_week_id')),
      dec(1, calendar('number_of_weeks')),
    ]),
    0x03: command('Get Seasons', [dec(4, calendar('provider_id')), dec(4, calendar('issuer_calendar_id'))]),
    0x04: command('Get Special Days', [
      utc(calendar('start_time')),
      dec(1, calendar('number_of_events')),
      hex(1, calendar('type')),
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_calendar_id')),
    ]),
    0x05: command('Get Calendar Cancellation', []),
  },
  toClient: {
    0x00: command('Publish Calendar', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_event_id')),
      dec(4, calendar('issuer_calendar_id')),
      utc(calendar('start_time')),
      hex(1, calendar('type')),
      hex(1, calendar('time_reference')),
      text(prefixOrNone(1), calendar('name')),
      dec(1, calendar('number_of_seasons')),
      dec(1, calendar('number_of_week_profiles')),
      dec(1, calendar('number_of_day_profiles')),
    ]),
    0x01: command('Publish Day Profile', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_event_id')),
      dec(4, calendar('issuer_calendar_id')),
      dec(1, calendar('day_id')),
      dec(1, calendar('total_number_of_schedule_entries')),
      dec(1, calendar('command_index')),
      dec(1, calendar('total_number_of_commands')),
      hex(1, calendar('type')),
      each(upTo('totalNumberOfScheduleEntries', 3), 'entries', ...scheduleEntry),
    ]),
    0x02: command('Publish Week Profile', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_event_id')),
      dec(4, calendar('issuer_calendar_id')),
      dec(1, calendar('week_id')),
      dec(1, calendar('day_id_ref_monday')),
      dec(1, calendar('day_id_ref_tuesday')),
      dec(1, calendar('day_id_ref_wednesday')),
      dec(1, calendar('day_id_ref_thursday')),
      dec(1, calendar('day_id_ref_friday')),
      dec(1, calendar('day_id_ref_saturday')),
      dec(1, calendar('day_id_ref_sunday')),
    ]),
    0x03: command('Publish Seasons', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_event_id')),
      dec(4, calendar('issuer_calendar_id')),
      dec(1, calendar('command_index')),
      dec(1, calendar('total_number_of_commands')),
      each(
        whole(5),
        'entries',
        year(calendar('date.year')),
        dec(1, calendar('date.month')),
        dec(1, calendar('date.month_day')),
        dec(1, calendar('date.week_day')),
        dec(1, calendar('week_id_ref')),
      ),
    ]),
    0x04: command('Publish Special Days', [
      dec(4, calendar('provider_id')),
      dec(4, calendar('issuer_event_id')),
      dec(4, calendar('issuer_calendar_id')),
      utc(calendar('start_time')),
      hex(1, calendar('type')),
      dec(1, calendar('total_number_of_special_days')),
      dec(1, calendar('command_index')),
      dec(1, calendar('total_number_of_commands')),
      each(
        upTo('totalNumberOfSpecialDays', 5),
        'days',
        year(calendar('date.year')),
        dec(1, calendar('date.month')),
        dec(1, calendar('date.month_day')),
        dec(1, calendar('date.week_day')),
        dec(1, calendar('day_id_ref')),
      ),
    ]),
    0x05: command('Cancel Calendar', [dec(4, calendar('provider_id')), dec(4, calendar('issuer_calendar_id')), hex(1, calendar('type'))]),
  },
}));
