'use strict';
// Devices of one group are told different hubs. All are reached by one address, as the
// names of hubs mean nothing to this machine.
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Mqtt: DpsMqtt } = require('azure-iot-provisioning-device-mqtt');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { Client, Message } = require('azure-iot-device');
const { Mqtt, MqttWs } = require('azure-iot-device-mqtt');
const { createHmac } = require('crypto');
const { say, play } = require('./stage');

play(async ({ host, idScope, groupKey }) => {
  const hubs = {};
  await Promise.all([...Array(12).keys()].map(async (n) => {
    const id = 'device-' + n;
    const key = createHmac('SHA256', Buffer.from(groupKey, 'base64')).update(id, 'utf8').digest('base64');
    const { assignedHub, deviceId } = await ProvisioningDeviceClient.create(host, idScope, new DpsMqtt(), new SymmetricKeySecurityClient(id, key)).register();
    const client = Client.fromConnectionString(`HostName=${assignedHub};DeviceId=${deviceId};SharedAccessKey=${key};GatewayHostName=${host}`, n % 2 ? MqttWs : Mqtt);
    await client.open();
    await client.sendEvent(new Message(id));
    await client.close();
    hubs[deviceId] = assignedHub;
  }));
  say('hubs', { hubs });
});
