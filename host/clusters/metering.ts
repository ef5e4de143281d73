/** Metering cluster 0x0702 (ZSE annex D.3) as tables. */
import { cluster, command } from './cluster.ts';
import { met, NOTIFICATION_ATTRIBUTES, NOTIFICATION_FLAGS, snapshotCause } from './metering-flags.ts';
import { again, bits, choose, dec, decPart, each, flag, hex, hexPart, raw, unixTime, utc, whole, type Format } from './item.ts';

/** An end time came with Smart Energy 1.2. */
const getSnapshot = (end: boolean): Format => [
  utc(met('get_snapshot.start_time')),
  ...(end ? [utc(met('get_snapshot.end_time'))] : []),
  dec(1, met('get_snapshot.snapshot_offset')),
  snapshotCause('get_snapshot.snapshot_cause'),
];

/** The cluster. */
export const METERING = cluster(0x0702, 'Metering', 'zbee_zcl_se.met', () => ({
  attributes: { 0xfffe: hex(1, met('attr.attr_reporting_status')) },
  clientAttributeName: met('attr_client_id'),
  clientAttributes: { ...NOTIFICATION_ATTRIBUTES, 0xfffe: hex(1, met('attr.attr_reporting_status')) },
  toServer: {
    0x00: command('Get Profile', [
      dec(1, met('get_profile.interval_channel')),
      utc(met('get_profile.end_time')),
      dec(1, met('get_profile.number_of_periods')),
    ]),
    0x01: command('Request Mirror Response', [dec(2, met('request_mirror_rsp.endpoint_id'))]),
    0x02: command('Mirror Removed', [dec(2, met('mirror_removed.removed_endpoint_id'))]),
    0x03: command('Request Fast Poll Mode', [
      dec(1, met('request_fast_poll_mode.fast_poll_update_period')),
      dec(1, met('request_fast_poll_mode.duration')),
    ]),
    0x04: command('Schedule Snapshot', [
      dec(4, met('schedule_snapshot.issuer_event_id')),
      dec(1, met('schedule_snapshot.command_index')),
      dec(1, met('schedule_snapshot.total_number_of_commands')),
      dec(1, met('schedule_snapshot.snapshot_schedule_payload.snapshot_schedule_id')),
      // Wireshark shows the start time behind the rest of the schedule.
      utc('', 'startTime'),
      bits(3, met('schedule_snapshot.snapshot_schedule_payload.snapshot_schedule'), [
        decPart(met('snapshot_schedule.frequency'), 0xfffff),
        hexPart(met('snapshot_schedule.frequency_type'), 0x300000),
        hexPart(met('snapshot_schedule.frequency_wild_card'), 0xc00000),
      ]),
      dec(1, met('schedule_snapshot.snapshot_schedule_payload.snapshot_payload_type')),
      snapshotCause('schedule_snapshot.snapshot_schedule_payload.snapshot_cause'),
      again(utc(met('schedule_snapshot.snapshot_schedule_payload.snapshot_start_time'), 'startTime')),
    ]),
    0x05: command('Take Snapshot', [snapshotCause('take_snapshot.snapshot_cause')]),
    0x06: command('Get Snapshot', getSnapshot(true), getSnapshot(false)),
    0x07: command('Start Sampling', [
      dec(4, met('start_sampling.issuer_event_id')),
      utc(met('start_sampling.start_sampling_time')),
      dec(1, met('start_sampling.sample_type')),
      dec(2, met('start_sampling.sample_request_interval')),
      dec(2, met('start_sampling.max_number_of_samples')),
    ]),
    0x08: command('Get Sampled Data', [
      dec(2, met('get_sampled_data.sample_id')),
      utc(met('get_sampled_data.sample_start_time')),
      dec(1, met('get_sampled_data.sample_type')),
      dec(2, met('get_sampled_data.number_of_samples')),
    ]),
    0x09: command('Mirror Report Attribute Response', [
      hex(1, met('mirror_report_attribute_response.notification_scheme')),
      choose('notificationScheme', { 0x01: NOTIFICATION_FLAGS.slice(0, 1), 0x02: NOTIFICATION_FLAGS }, [
        each('rest', 'flags', hex(4, met('mirror_report_attribute_response.notification_flags_n'))),
      ]),
    ]),
    0x0a: command('Reset Load Limit Counter', [
      dec(4, met('reset_load_limit_counter.provider_id')),
      dec(4, met('reset_load_limit_counter.issuer_event_id')),
    ]),
    0x0b: command('Change Supply', [
      dec(4, met('change_supply.provider_id')),
      dec(4, met('change_supply.issuer_event_id')),
      utc(met('change_supply.request_date_time')),
      utc(met('change_supply.implementation_date_time')),
      dec(1, met('change_supply.proposed_supply_status')),
      hex(1, met('change_supply.supply_control_bits')),
    ]),
    0x0c: command('Local Change Supply', [dec(1, met('local_change_supply.proposed_supply_status'))]),
    0x0d: command('Set Supply Status', [
      dec(4, met('set_supply_status.issuer_event_id')),
      dec(1, met('set_supply_status.supply_tamper_state')),
      dec(1, met('set_supply_status.supply_depletion_state')),
      dec(1, met('set_supply_status.supply_uncontrolled_flow_state')),
      dec(1, met('set_supply_status.load_limit_supply_state')),
    ]),
    0x0e: command('Set Uncontrolled Flow Threshold', [
      dec(4, met('set_uncontrolled_flow_threshold.provider_id')),
      dec(4, met('set_uncontrolled_flow_threshold.issuer_event_id')),
      dec(2, met('set_uncontrolled_flow_threshold.uncontrolled_flow_threshold')),
      dec(1, met('set_uncontrolled_flow_threshold.unit_of_measure')),
      dec(2, met('set_uncontrolled_flow_threshold.multiplier')),
      dec(2, met('set_uncontrolled_flow_threshold.divisor')),
      dec(1, met('set_uncontrolled_flow_threshold.stabilisation_period')),
      dec(2, met('set_uncontrolled_flow_threshold.measurement_period')),
    ]),
  },
  toClient: {
    0x00: command('Get Profile Response', [
      utc(met('get_profile_response.end_time')),
      hex(1, met('get_profile_response.status')),
      dec(1, met('get_profile_response.profile_interval_period')),
      dec(1, met('get_profile_response.number_of_periods_delivered')),
      each('rest', 'entries', dec(3, met('get_profile_response.intervals'))),
    ]),
    0x01: command('Request Mirror', []),
    0x02: command('Remove Mirror', []),
    0x03: command('Request Fast Poll Mode Response', [
      dec(1, met('request_fast_poll_mode_response.applied_update_period')),
      // A UTCTime, which Wireshark shows as if it counted from 1970.
      unixTime(4, met('request_fast_poll_mode_response.fast_poll_mode_end_time')),
    ]),
    0x04: command('Schedule Snapshot Response', [
      dec(4, met('schedule_snapshot_response.issuer_event_id')),
      each(
        'rest',
        'entries',
        dec(1, met('schedule_snapshot_response.response_snapshot_schedule_id')),
        hex(1, met('schedule_snapshot_response.snapshot_schedule_confirmation')),
      ),
    ]),
    0x05: command('Take Snapshot Response', [
      dec(4, met('take_snapshot_response.snapshot_id')),
      hex(1, met('take_snapshot_response.snapshot_confirmation')),
    ]),
    0x06: command('Publish Snapshot', [
      dec(4, met('publish_snapshot.snapshot_id')),
      utc(met('publish_snapshot.snapshot_time')),
      dec(1, met('publish_snapshot.snapshots_found')),
      dec(1, met('publish_snapshot.command_index')),
      dec(1, met('publish_snapshot.total_commands')),
      snapshotCause('publish_snapshot.snapshot_cause'),
      dec(1, met('publish_snapshot.payload_type')),
      raw('rest', met('publish_snapshot.sub_payload')),
    ]),
    0x07: command('Get Sampled Data Response', [
      dec(2, met('get_sampled_data_rsp.sample_id')),
      utc(met('get_sampled_data_rsp.sample_start_time')),
      dec(1, met('get_sampled_data_rsp.sample_type')),
      dec(2, met('get_sampled_data_rsp.sample_request_interval')),
      dec(2, met('get_sampled_data_rsp.number_of_samples')),
      each(whole(3), 'entries', dec(3, met('get_sampled_data_rsp.samples'))),
    ]),
    0x08: command('Configure Mirror', [
      dec(4, met('configure_mirror.issuer_event_id')),
      dec(3, met('configure_mirror.reporting_interval')),
      flag(met('configure_mirror.mirror_notification_reporting')),
      hex(1, met('configure_mirror.notification_scheme')),
    ]),
    0x09: command('Configure Notification Scheme', [
      dec(4, met('configure_notification_scheme.issuer_event_id')),
      hex(1, met('configure_notification_scheme.notification_scheme')),
      hex(4, met('configure_notification_scheme.notification_flag_order')),
    ]),
    0x0a: command('Configure Notification Flags', [
      dec(4, met('configure_notification_flags.issuer_event_id')),
      hex(1, met('configure_notification_flags.notification_scheme')),
      hex(2, met('configure_notification_flags.notification_flag_attribute_id')),
      hex(2, met('configure_notification_flags.bit_field_allocation.cluster_id')),
      hex(2, met('configure_notification_flags.bit_field_allocation.manufacturer_code')),
      dec(1, met('configure_notification_flags.bit_field_allocation.no_of_commands')),
      each('rest', 'entries', hex(1, met('configure_notification_flags.bit_field_allocation.command_identifier'))),
    ]),
    0x0b: command('Get Notified Message', [
      hex(1, met('get_notified_msg.notification_scheme')),
      dec(2, met('get_notified_msg.notification_flag_attribute_id')),
      choose('notificationFlagAttributeId', NOTIFICATION_ATTRIBUTES, [hex(4, met('get_notified_msg.notification_flags'), 'value')]),
    ]),
    0x0c: command('Supply Status Response', [
      dec(4, met('supply_status_response.provider_id')),
      dec(4, met('supply_status_response.issuer_event_id')),
      utc(met('supply_status_response.implementation_date_time')),
      dec(1, met('supply_status_response.supply_status_after_implementation')),
    ]),
    0x0d: command('Start Sampling Response', [dec(2, met('start_sampling_response.sample_id'))]),
  },
}));
