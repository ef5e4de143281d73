/** Device Management cluster 0x0708 (ZSE annex D.10) as tables. */
import { cluster, command } from './cluster.ts';
import {
  big,
  bits,
  choose,
  dec,
  each,
  flagPart,
  hex,
  hexPart,
  prefixOrNone,
  shownAs,
  text,
  upTo,
  utc,
  whole,
  type Format,
} from './item.ts';

const dm = (name: string): string => `zbee_zcl_se.device_management.${name}`;

const configuration = (name: string): string => dm(`set_event_configuration.event_configuration.${name}`);

/** Which events a Set Event Configuration is for, by its configuration control. */
const configured: Readonly<Record<number, Format>> = {
  0x00: [dec(1, configuration('number_of_events')), each(upTo('numberOfEvents'), 'events', dec(2, configuration('event_id')))],
  0x01: [dec(2, configuration('event_group_id'))],
  0x02: [dec(1, configuration('log_id'))],
  0x03: [dec(1, configuration('configuration_value_match'))],
};

const tenancyControl = bits(4, dm('publish_change_of_tenancy.proposed_tenancy_change_control'), [
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.pre_snapshot'), 0x1),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.post_snapshot'), 0x2),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.reset_credit_register'), 0x4),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.reset_debit_register'), 0x8),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.reset_billing_period'), 0x10),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_tariff_plan'), 0x20),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_standing_charge'), 0x40),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.block_historical_load_profile_information'), 0x80),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_historical_load_profile_information'), 0x100),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_ihd_data_consumer'), 0x200),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_ihd_data_supplier'), 0x400),
  hexPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.meter_contactor_state'), 0x1800),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_transaction_log'), 0x2000),
  flagPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.clear_prepayment_data'), 0x4000),
  hexPart(dm('publish_change_of_tenancy.proposed_tenancy_change_control.reserved'), 0xffff8000),
]);

/** The cluster. */
export const DEVICE_MANAGEMENT = cluster(0x0708, 'Device Management', 'zbee_zcl_se.device_management', () => ({
  attributes: { 0xfffe: hex(1, dm('attr.attr_reporting_status')) },
  clientAttributeName: dm('attr_client_id'),
  toServer: {
    0x00: command('Get Change Of Tenancy', []),
    0x01: command('Get Change Of Supplier', []),
    0x02: command('Request New Password', [hex(1, dm('password_type'))]),
    0x03: command('Get Site ID', []),
    0x04: command('Report Event Configuration', [
      hex(1, dm('command_index')),
      hex(1, dm('total_commands')),
      each(
        whole(3),
        'entries',
        hex(2, dm('event_id')),
        bits(1, dm('event_configuration'), [
          hexPart(dm('event_configuration.logging'), 0x7),
          flagPart(dm('event_configuration.push_event_to_wan'), 0x8),
          flagPart(dm('event_configuration.push_event_to_han'), 0x10),
          flagPart(dm('event_configuration.raise_alarm_zigbee'), 0x20),
          flagPart(dm('event_configuration.raise_alarm_physical'), 0x40),
          hexPart(dm('event_configuration.reserved'), 0x80),
        ]),
      ),
    ]),
    0x05: command('Get CIN', []),
  },
  toClient: {
    0x00: command('Publish Change Of Tenancy', [
      hex(4, dm('publish_change_of_tenancy.provider_id')),
      hex(4, dm('publish_change_of_tenancy.issuer_event_id')),
      hex(1, dm('publish_change_of_tenancy.tariff_type')),
      utc(dm('publish_change_of_tenancy.implementation_date')),
      // Wireshark reads it most significant byte first.
      shownAs(tenancyControl, big(tenancyControl)),
    ]),
    0x01: command('Publish Change Of Supplier', [
      hex(4, dm('publish_change_of_supplier.current_provider_id')),
      hex(4, dm('publish_change_of_supplier.issuer_event_id')),
      hex(1, dm('publish_change_of_supplier.tariff_type')),
      hex(4, dm('publish_change_of_supplier.proposed_provider_id')),
      utc(dm('publish_change_of_supplier.provider_change_implementation_time')),
      hex(4, dm('publish_change_of_supplier.provider_change_control')),
      text(prefixOrNone(1), dm('publish_change_of_supplier.provider_proposed_provider_name')),
      text(prefixOrNone(1), dm('publish_change_of_supplier.provider_proposed_provider_contact_details')),
    ]),
    0x02: command('Request New Password Response', [
      hex(4, dm('request_new_password.issuer_event_id')),
      utc(dm('request_new_password.implementation_date')),
      // Wireshark reads it most significant byte first.
      shownAs(dec(2, dm('request_new_password.duration_in_minutes')), big(dec(2, dm('request_new_password.duration_in_minutes')))),
      hex(1, dm('password_type')),
      text(prefixOrNone(1), dm('request_new_password.password')),
    ]),
    0x03: command('Update Site ID', [
      hex(4, dm('update_site_id.issuer_event_id')),
      utc(dm('update_site_id.site_id_time')),
      hex(4, dm('update_site_id.provider_id')),
      text(prefixOrNone(1), dm('update_site_id.site_id')),
    ]),
    0x04: command('Set Event Configuration', [
      hex(4, dm('set_event_configuration.issuer_event_id')),
      utc(dm('set_event_configuration.start_time')),
      bits(1, dm('event_configuration'), [
        hexPart(dm('event_configuration.logging'), 0x7),
        flagPart(dm('event_configuration.push_event_to_wan'), 0x8),
        flagPart(dm('event_configuration.push_event_to_han'), 0x10),
        flagPart(dm('event_configuration.raise_alarm_zigbee'), 0x20),
        flagPart(dm('event_configuration.raise_alarm_physical'), 0x40),
        hexPart(dm('event_configuration.reserved'), 0x80),
      ]),
      hex(1, dm('set_event_configuration.configuration_control')),
      choose('configurationControl', configured),
    ]),
    0x05: command('Get Event Configuration', [hex(2, dm('get_event_configuration.event_id'))]),
    0x06: command('Update CIN', [
      hex(4, dm('update_cin.issuer_event_id')),
      utc(dm('update_cin.cin_implementation_time')),
      hex(4, dm('update_cin.provider_id')),
      text(prefixOrNone(1), dm('update_cin.customerid_number')),
    ]),
  },
}));
