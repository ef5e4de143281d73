/**
 * Words of bits that several commands and attributes of the Metering cluster share (ZSE annex D.3): why a snapshot was
 * taken, and the notification flags by which a mirror tells a sleepy meter what waits for it.
 */
import { bits, flagPart, hexPart, type Format, type NumberItem, type Part } from './item.ts';

/** Prefix of Wireshark's names. */
export const met = (name: string): string => `zbee_zcl_se.met.${name}`;

const SNAPSHOT_CAUSE: readonly Part[] = [
  flagPart(met('snapshot_cause.general'), 0x1),
  flagPart(met('snapshot_cause.end_of_billing_period'), 0x2),
  flagPart(met('snapshot_cause.end_of_block_period'), 0x4),
  flagPart(met('snapshot_cause.change_of_tariff_information'), 0x8),
  flagPart(met('snapshot_cause.change_of_price_matrix'), 0x10),
  flagPart(met('snapshot_cause.change_of_block_thresholds'), 0x20),
  flagPart(met('snapshot_cause.change_of_cv'), 0x40),
  flagPart(met('snapshot_cause.change_of_cf'), 0x80),
  flagPart(met('snapshot_cause.change_of_calendar'), 0x100),
  flagPart(met('snapshot_cause.critical_peak_pricing'), 0x200),
  flagPart(met('snapshot_cause.manually_triggered_from_client'), 0x400),
  flagPart(met('snapshot_cause.end_of_resolve_period'), 0x800),
  flagPart(met('snapshot_cause.change_of_tenancy'), 0x1000),
  flagPart(met('snapshot_cause.change_of_supplier'), 0x2000),
  flagPart(met('snapshot_cause.change_of_meter_mode'), 0x4000),
  flagPart(met('snapshot_cause.debt_payment'), 0x8000),
  flagPart(met('snapshot_cause.scheduled_snapshot'), 0x10000),
  flagPart(met('snapshot_cause.ota_firmware_download'), 0x20000),
  hexPart(met('snapshot_cause.reserved'), 0xfffc0000),
];

/** Why a snapshot was taken, under the name of its command. */
export const snapshotCause = (name: string): NumberItem => bits(4, met(name), SNAPSHOT_CAUSE, 'snapshotCause');

const FLAGS: readonly (readonly [name: string, parts: readonly Part[]])[] = [
  [
    met('attr.func_noti_flag'),
    [
      flagPart(met('attr.func_noti_flag.new_ota_firmware'), 0x1),
      flagPart(met('attr.func_noti_flag.cbke_update_request'), 0x2),
      flagPart(met('attr.func_noti_flag.time_sync'), 0x4),
      flagPart(met('attr.func_noti_flag.stay_awake_request_han'), 0x10),
      flagPart(met('attr.func_noti_flag.stay_awake_request_wan'), 0x20),
      hexPart(met('attr.func_noti_flag.push_historical_metering_data_attribute_set'), 0x1c0),
      hexPart(met('attr.func_noti_flag.push_historical_prepayment_data_attribute_set'), 0xe00),
      flagPart(met('attr.func_noti_flag.push_all_static_data_basic_cluster'), 0x1000),
      flagPart(met('attr.func_noti_flag.push_all_static_data_metering_cluster'), 0x2000),
      flagPart(met('attr.func_noti_flag.push_all_static_data_prepayment_cluster'), 0x4000),
      flagPart(met('attr.func_noti_flag.network_key_active'), 0x8000),
      flagPart(met('attr.func_noti_flag.display_message'), 0x10000),
      flagPart(met('attr.func_noti_flag.cancel_all_messages'), 0x20000),
      flagPart(met('attr.func_noti_flag.change_supply'), 0x40000),
      flagPart(met('attr.func_noti_flag.local_change_supply'), 0x80000),
      flagPart(met('attr.func_noti_flag.set_uncontrolled_flow_threshold'), 0x100000),
      flagPart(met('attr.func_noti_flag.tunnel_message_pending'), 0x200000),
      flagPart(met('attr.func_noti_flag.get_snapshot'), 0x400000),
      flagPart(met('attr.func_noti_flag.get_sampled_data'), 0x800000),
      flagPart(met('attr.func_noti_flag.new_sub_ghz_channel_masks_available'), 0x1000000),
      flagPart(met('attr.func_noti_flag.energy_scan_pending'), 0x2000000),
      flagPart(met('attr.func_noti_flag.channel_change_pending'), 0x4000000),
      hexPart(met('attr.func_noti_flag.reserved'), 0xf8000008),
    ],
  ],
  [
    met('attr.noti_flag_2'),
    [
      flagPart(met('attr.noti_flag_2.publish_price'), 0x1),
      flagPart(met('attr.noti_flag_2.publish_block_period'), 0x2),
      flagPart(met('attr.noti_flag_2.publish_tariff_info'), 0x4),
      flagPart(met('attr.noti_flag_2.publish_conversion_factor'), 0x8),
      flagPart(met('attr.noti_flag_2.publish_calorific_value'), 0x10),
      flagPart(met('attr.noti_flag_2.publish_co2_value'), 0x20),
      flagPart(met('attr.noti_flag_2.publish_billing_period'), 0x40),
      flagPart(met('attr.noti_flag_2.publish_consolidated_bill'), 0x80),
      flagPart(met('attr.noti_flag_2.publish_price_matrix'), 0x100),
      flagPart(met('attr.noti_flag_2.publish_block_thresholds'), 0x200),
      flagPart(met('attr.noti_flag_2.publish_currency_conversion'), 0x400),
      flagPart(met('attr.noti_flag_2.publish_credit_payment_info'), 0x1000),
      flagPart(met('attr.noti_flag_2.publish_cpp_event'), 0x2000),
      flagPart(met('attr.noti_flag_2.publish_tier_labels'), 0x4000),
      flagPart(met('attr.noti_flag_2.cancel_tariff'), 0x8000),
      hexPart(met('attr.noti_flag_2.reserved'), 0xffff0800),
    ],
  ],
  [
    met('attr.noti_flag_3'),
    [
      flagPart(met('attr.noti_flag_3.publish_calendar'), 0x1),
      flagPart(met('attr.noti_flag_3.publish_special_days'), 0x2),
      flagPart(met('attr.noti_flag_3.publish_seasons'), 0x4),
      flagPart(met('attr.noti_flag_3.publish_week'), 0x8),
      flagPart(met('attr.noti_flag_3.publish_day'), 0x10),
      flagPart(met('attr.noti_flag_3.cancel_calendar'), 0x20),
      hexPart(met('attr.noti_flag_3.reserved'), 0xffffffc0),
    ],
  ],
  [
    met('attr.noti_flag_4'),
    [
      flagPart(met('attr.noti_flag_4.select_available_emergency_credit'), 0x1),
      flagPart(met('attr.noti_flag_4.change_debt'), 0x2),
      flagPart(met('attr.noti_flag_4.emergency_credit_setup'), 0x4),
      flagPart(met('attr.noti_flag_4.consumer_top_up'), 0x8),
      flagPart(met('attr.noti_flag_4.credit_adjustment'), 0x10),
      flagPart(met('attr.noti_flag_4.change_payment_mode'), 0x20),
      flagPart(met('attr.noti_flag_4.get_prepay_snapshot'), 0x40),
      flagPart(met('attr.noti_flag_4.get_top_up_log'), 0x80),
      flagPart(met('attr.noti_flag_4.set_low_credit_warning_level'), 0x100),
      flagPart(met('attr.noti_flag_4.get_debt_repayment_log'), 0x200),
      flagPart(met('attr.noti_flag_4.set_maximum_credit_limit'), 0x400),
      flagPart(met('attr.noti_flag_4.set_overall_debt_cap'), 0x800),
      hexPart(met('attr.noti_flag_4.reserved'), 0xfffff000),
    ],
  ],
  [
    met('attr.noti_flag_5'),
    [
      flagPart(met('attr.noti_flag_5.publish_change_of_tenancy'), 0x1),
      flagPart(met('attr.noti_flag_5.publish_change_of_supplier'), 0x2),
      flagPart(met('attr.noti_flag_5.request_new_password_1_response'), 0x4),
      flagPart(met('attr.noti_flag_5.request_new_password_2_response'), 0x8),
      flagPart(met('attr.noti_flag_5.request_new_password_3_response'), 0x10),
      flagPart(met('attr.noti_flag_5.request_new_password_4_response'), 0x20),
      flagPart(met('attr.noti_flag_5.update_site_id'), 0x40),
      flagPart(met('attr.noti_flag_5.reset_battery_counter'), 0x80),
      flagPart(met('attr.noti_flag_5.update_cin'), 0x100),
      hexPart(met('attr.noti_flag_5.reserved'), 0xfffffe00),
    ],
  ],
];

/** The notification flags in the order of the client attributes 0x0000 to 0x0004. */
export const NOTIFICATION_FLAGS: Format = FLAGS.map(([name, parts], index) => bits(4, name, parts, `flags${index + 1}`));

/** Client attributes: the notification flags. */
export const NOTIFICATION_ATTRIBUTES: Readonly<Record<number, Format>> = Object.fromEntries(
  FLAGS.map(([name, parts], index) => [index, [bits(4, name, parts, 'value')]]),
);
