'use strict';
// Devices that have certificates instead of keys, over each transport.
const { Client, ModuleClient, Message } = require('azure-iot-device');
const { NoRetry } = require('azure-iot-common');
const { Mqtt, MqttWs } = require('azure-iot-device-mqtt');
const { Http } = require('azure-iot-device-http');
const { say, cue, play, fails } = require('./stage');

const transports = { mqtt: Mqtt, 'mqtt-ws': MqttWs, http: Http };

play(async ({ host, devices, strangers, last }) => {
  const connect = async ({ id, transport, cert, key }) => {
    const [device, module] = id.split('/');
    const connection = `HostName=${host};DeviceId=${device};${module ? `ModuleId=${module};` : ''}x509=true`;
    const client = (module ? ModuleClient : Client).fromConnectionString(connection, transports[transport]);
    const set = client.setOptions({ cert, key });
    if (transport !== 'http') await set; // the package's HTTP transport never calls back
    client.setRetryPolicy(new NoRetry());
    await client.open();
    return client;
  };
  for (const device of devices) {
    const client = await connect(device);
    await client.sendEvent(new Message(device.id));
    const twin = device.transport === 'http' ? undefined : (await client.getTwin()).properties.desired.$version;
    await client.close();
    say(device.id, { transport: device.transport, twin });
  }
  for (const { why, ...device } of strangers) {
    await fails(why, connect(device).then((client) => client.sendEvent(new Message('x'))));
  }
  const client = await connect(last);
  const gone = new Promise((resolve) => client.on('disconnect', resolve));
  say('stays');
  await cue();
  await gone;
  say('cut off');
  await fails('comes back', connect(last));
});
