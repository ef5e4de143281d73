/** Prepayment cluster 0x0705 (ZSE annex D.7) as tables. */
import { cluster, command } from './cluster.ts';
import {
  bits,
  dec,
  each,
  flagPart,
  glance,
  hex,
  hexPart,
  is,
  left,
  prefix,
  prefixOrNone,
  raw,
  reckoned,
  shownAs,
  signed,
  utc,
  when,
  type Format,
  type Part,
} from './item.ts';

const pp = (name: string): string => `zbee_zcl_se.pp.${name}`;

const paymentControl: readonly Part[] = [
  flagPart(pp('attr.payment_control_configuration.disconnection_enabled'), 0x1),
  flagPart(pp('attr.payment_control_configuration.prepayment_enabled'), 0x2),
  flagPart(pp('attr.payment_control_configuration.credit_management_enabled'), 0x4),
  flagPart(pp('attr.payment_control_configuration.credit_display_enabled'), 0x10),
  flagPart(pp('attr.payment_control_configuration.account_base'), 0x40),
  flagPart(pp('attr.payment_control_configuration.contactor_fitted'), 0x80),
  flagPart(pp('attr.payment_control_configuration.standing_charge_configuration'), 0x100),
  flagPart(pp('attr.payment_control_configuration.emergency_standing_charge_configuration'), 0x200),
  flagPart(pp('attr.payment_control_configuration.debt_configuration'), 0x400),
  flagPart(pp('attr.payment_control_configuration.emergency_debt_configuration'), 0x800),
  hexPart(pp('attr.payment_control_configuration.reserved'), 0xf028),
];

/** Wireshark shows the length of the label as part of it, and takes a label without value for one without length. */
const debtLabel: Format = [
  glance(dec(1, '', 'labelLength')),
  when(
    is('labelLength', 0xff),
    [raw(0, pp('change_debt.debt_label'), 'noLabel')],
    [
      glance(
        raw(
          reckoned((at) => at('labelLength') + 1),
          pp('change_debt.debt_label'),
          'shownLabel',
        ),
      ),
      raw(prefix(1), '', 'debtLabel'),
    ],
  ),
];

/** The cluster. */
export const PREPAYMENT = cluster(0x0705, 'Prepayment', 'zbee_zcl_se.pp', () => ({
  attributes: {
    0x0000: bits(2, pp('attr.payment_control_configuration'), paymentControl),
    0xfffe: hex(1, pp('attr.attr_reporting_status')),
  },
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Select Available Emergency Credit', [
      utc(pp('select_available_emc.cmd_issue_date_time')),
      dec(1, pp('select_available_emc.originating_device')),
    ]),
    0x02: command('Change Debt', [
      dec(4, pp('change_debt.issuer_event_id')),
      ...debtLabel,
      signed(4, pp('change_debt.debt_amount')),
      dec(1, pp('change_debt.recovery_method')),
      dec(1, pp('change_debt.amount_type')),
      utc(pp('change_debt.recovery_start_time')),
      dec(2, pp('change_debt.recovery_collection_time')),
      dec(1, pp('change_debt.recovery_frequency')),
      signed(4, pp('change_debt.recovery_amount')),
      // Wireshark shows one byte of two.
      when(
        left(2),
        [shownAs(dec(2, pp('change_debt.recovery_balance_percentage')), dec(1, pp('change_debt.recovery_balance_percentage')))],
        [dec(1, pp('change_debt.recovery_balance_percentage'), 'recoveryBalancePercentageLow')],
      ),
    ]),
    0x03: command('Emergency Credit Setup', [
      dec(4, pp('emc_setup.issuer_event_id')),
      utc(pp('emc_setup.start_time')),
      dec(4, pp('emc_setup.emc_limit')),
      dec(4, pp('emc_setup.emc_threshold')),
    ]),
    0x04: command('Consumer Top Up', [
      dec(1, pp('consumer_top_up.originating_device')),
      raw(prefixOrNone(1), pp('consumer_top_up.top_up_code')),
    ]),
    0x05: command('Credit Adjustment', [
      dec(4, pp('credit_adjustment.issuer_event_id')),
      utc(pp('credit_adjustment.start_time')),
      dec(1, pp('credit_adjustment.credit_adjustment_type')),
      signed(4, pp('credit_adjustment.credit_adjustment_value')),
    ]),
    0x06: command('Change Payment Mode', [
      dec(4, pp('change_payment_mode.provider_id')),
      dec(4, pp('change_payment_mode.issuer_event_id')),
      utc(pp('change_payment_mode.implementation_date_time')),
      bits(2, pp('change_payment_mode.payment_control_configuration'), paymentControl),
      signed(4, pp('change_payment_mode.cut_off_value')),
    ]),
    0x07: command('Get Prepay Snapshot', [
      utc(pp('get_prepay_snapshot.earliest_start_time')),
      utc(pp('get_prepay_snapshot.latest_end_time')),
      dec(1, pp('get_prepay_snapshot.snapshot_offset')),
      bits(4, pp('get_prepay_snapshot.snapshot_cause'), [
        flagPart(pp('snapshot_payload_cause.general'), 0x1),
        flagPart(pp('snapshot_payload_cause.end_of_billing_period'), 0x2),
        flagPart(pp('snapshot_payload_cause.change_of_tariff_information'), 0x8),
        flagPart(pp('snapshot_payload_cause.change_of_price_matrix'), 0x10),
        flagPart(pp('snapshot_payload_cause.manually_triggered_from_client'), 0x400),
        flagPart(pp('snapshot_payload_cause.change_of_tenancy'), 0x1000),
        flagPart(pp('snapshot_payload_cause.change_of_supplier'), 0x2000),
        flagPart(pp('snapshot_payload_cause.change_of_meter_mode'), 0x4000),
        flagPart(pp('snapshot_payload_cause.top_up_addition'), 0x40000),
        flagPart(pp('snapshot_payload_cause.debt_credit_addition'), 0x80000),
        hexPart(pp('snapshot_payload_cause.reserved'), 0xfff38be4),
      ]),
    ]),
    0x08: command('Get Top Up Log', [utc(pp('get_top_up_log.latest_end_time')), dec(1, pp('get_top_up_log.number_of_records'))]),
    0x09: command('Set Low Credit Warning Level', [dec(4, pp('set_low_credit_warning_level.low_credit_warning_level'))]),
    0x0a: command('Get Debt Repayment Log', [
      utc(pp('get_debt_repayment_log.latest_end_time')),
      dec(1, pp('get_debt_repayment_log.number_of_records')),
      dec(1, pp('get_debt_repayment_log.debt_type')),
    ]),
    0x0b: command('Set Maximum Credit Limit', [
      dec(4, pp('set_maximum_credit_limit.provider_id')),
      dec(4, pp('set_maximum_credit_limit.issuer_event_id')),
      utc(pp('set_maximum_credit_limit.implementation_date_time')),
      dec(4, pp('set_maximum_credit_limit.max_credit_level')),
      dec(4, pp('set_maximum_credit_limit.max_credit_per_top_up')),
    ]),
    0x0c: command('Set Overall Debt Cap', [
      dec(4, pp('set_overall_debt_cap_limit.provider_id')),
      dec(4, pp('set_overall_debt_cap_limit.issuer_event_id')),
      utc(pp('set_overall_debt_cap_limit.implementation_date_time')),
      signed(4, pp('set_overall_debt_cap_limit.overall_debt_cap')),
    ]),
  },
  toClient: {
    0x01: command('Publish Prepay Snapshot', [
      dec(4, pp('publish_prepay_snapshot.snapshot_id')),
      utc(pp('publish_prepay_snapshot.snapshot_time')),
      dec(1, pp('publish_prepay_snapshot.total_snapshots_found')),
      dec(1, pp('publish_prepay_snapshot.command_index')),
      dec(1, pp('publish_prepay_snapshot.total_number_of_commands')),
      bits(4, pp('publish_prepay_snapshot.snapshot_cause'), [
        flagPart(pp('snapshot_payload_cause.general'), 0x1),
        flagPart(pp('snapshot_payload_cause.end_of_billing_period'), 0x2),
        flagPart(pp('snapshot_payload_cause.change_of_tariff_information'), 0x8),
        flagPart(pp('snapshot_payload_cause.change_of_price_matrix'), 0x10),
        flagPart(pp('snapshot_payload_cause.manually_triggered_from_client'), 0x400),
        flagPart(pp('snapshot_payload_cause.change_of_tenancy'), 0x1000),
        flagPart(pp('snapshot_payload_cause.change_of_supplier'), 0x2000),
        flagPart(pp('snapshot_payload_cause.change_of_meter_mode'), 0x4000),
        flagPart(pp('snapshot_payload_cause.top_up_addition'), 0x40000),
        flagPart(pp('snapshot_payload_cause.debt_credit_addition'), 0x80000),
        hexPart(pp('snapshot_payload_cause.reserved'), 0xfff38be4),
      ]),
      dec(1, pp('publish_prepay_snapshot.snapshot_payload_type')),
      raw('rest', pp('publish_prepay_snapshot.snapshot_payload')),
    ]),
    0x02: command('Change Payment Mode Response', [
      hex(1, pp('change_payment_mode_response.friendly_credit')),
      dec(4, pp('change_payment_mode_response.friendly_credit_calendar_id')),
      dec(4, pp('change_payment_mode_response.emc_limit')),
      dec(4, pp('change_payment_mode_response.emc_threshold')),
    ]),
    0x03: command('Consumer Top Up Response', [
      dec(1, pp('consumer_top_up_response.result_type')),
      signed(4, pp('consumer_top_up_response.top_up_value')),
      dec(1, pp('consumer_top_up_response.source_of_top_up')),
      signed(4, pp('consumer_top_up_response.credit_remaining')),
    ]),
    0x05: command('Publish Top Up Log', [
      dec(1, pp('publish_top_up_log.command_index')),
      dec(1, pp('publish_top_up_log.total_number_of_commands')),
      each(
        'rest',
        'entries',
        raw(prefixOrNone(1), pp('publish_top_up_log.top_up_code')),
        signed(4, pp('publish_top_up_log.top_up_amount')),
        utc(pp('publish_top_up_log.top_up_time')),
      ),
    ]),
    0x06: command('Publish Debt Log', [
      dec(1, pp('publish_debt_log.command_index')),
      dec(1, pp('publish_debt_log.total_number_of_commands')),
      each(
        'rest',
        'entries',
        utc(pp('publish_debt_log.collection_time')),
        signed(4, pp('publish_debt_log.amount_collected')),
        dec(1, pp('publish_debt_log.debt_type')),
        dec(4, pp('publish_debt_log.outstanding_debt')),
      ),
    ]),
  },
}));
