'use strict';
// Devices find their hub by the provisioning service, each over each transport, and
// connect to it.
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Mqtt: DpsMqtt, MqttWs: DpsMqttWs } = require('azure-iot-provisioning-device-mqtt');
const { Http: DpsHttp } = require('azure-iot-provisioning-device-http');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { X509Security } = require('azure-iot-security-x509');
const { ProvisioningServiceClient } = require('azure-iot-provisioning-service');
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { createHmac } = require('crypto');
const { say, play, called } = require('./stage');

const transports = { mqtt: DpsMqtt, 'mqtt-ws': DpsMqttWs, http: DpsHttp };

// as Azure's documentation tells it
const derive = (groupKey, id) => createHmac('SHA256', Buffer.from(groupKey, 'base64')).update(id, 'utf8').digest('base64');

play(async ({ host, idScope, dps, groupKey, key, certificates }) => {
  const register = async (transport, security, payload) => {
    const client = ProvisioningDeviceClient.create(host, idScope, new transports[transport](), security);
    if (payload) client.setProvisioningPayload(payload);
    const { status, assignedHub: hub, deviceId: device, substatus } = await client.register();
    return { status, hub, device, substatus };
  };

  // connect to what was assigned, and be of use
  const work = async (result, secret) => {
    const client = Client.fromConnectionString(`HostName=${result.hub};DeviceId=${result.device};` +
      (secret.cert ? 'x509=true' : 'SharedAccessKey=' + secret.key), Mqtt);
    if (secret.cert) await client.setOptions(secret);
    await client.open();
    await client.sendEvent(new Message(result.device));
    const twin = await client.getTwin();
    await client.close();
    return twin.properties.desired.interval;
  };

  for (const transport of Object.keys(transports)) {
    const derived = derive(groupKey, 'many-' + transport);
    const secret = (kind) => certificates[kind + '-' + transport];
    const devices = [
      ['individual', new SymmetricKeySecurityClient('one-' + transport, key), { key }],
      ['group', new SymmetricKeySecurityClient('many-' + transport, derived), { key: derived }, { model: 'x' }],
      ['pinned', new X509Security('pinned-' + transport, secret('pinned')), secret('pinned')],
      ['chained', new X509Security('chained-' + transport, secret('chained')), secret('chained')],
    ];
    const done = await Promise.all(devices.map(async ([what, security, secret, payload]) => {
      const found = await register(transport, security, payload);
      return [transport + ' ' + what, { ...found, desired: await work(found, secret) }];
    }));
    for (const [what, fields] of done) say(what, fields);

    try {
      await register(transport, new SymmetricKeySecurityClient('one-' + transport, derived));
    } catch (err) {
      say(transport + ' refused', { message: err.message.replace(/\{.*/, '') });
    }
  }

  // what the service sees of it
  const service = ProvisioningServiceClient.fromConnectionString(dps);
  const state = await called((done) => service.getDeviceRegistrationState('many-mqtt', done));
  say('state', { id: state.registrationId, hub: state.assignedHub, device: state.deviceId, status: state.status, substatus: state.substatus });
});
