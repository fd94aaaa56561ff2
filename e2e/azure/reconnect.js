'use strict';
// A device loses its hub and finds it again, by the SDK's own means.
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { say, cue, play } = require('./stage');

play(async ({ device, fault }) => {
  const client = Client.fromConnectionString(device, Mqtt);
  await client.open();
  client.onDeviceMethod('status', (request, response) => {
    say('called');
    response.send(200, 'fine', () => {});
  });
  const message = new Promise((resolve) => client.on('message', (m) => resolve(m)));
  const twin = await client.getTwin();
  const patches = [];
  let heard = () => {};
  twin.on('properties.desired', (patch) => {
    patches.push(patch);
    heard();
  });
  const patch = async () => {
    if (patches.length === 0) await new Promise((resolve) => { heard = resolve; });
    return patches.shift();
  };
  const first = await patch();
  await client.sendEvent(new Message('before'));
  // A SUBSCRIBE that a killed hub does not answer is never forgotten by MQTT.js, and keeps
  // close() waiting for ever: all are to be answered first.
  const mqtt = client._transport._mqtt._mqttClient;
  while (Object.keys(mqtt.outgoing).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  // The SDK tells nobody that it is reconnecting; its transport does.
  client._transport.once('disconnect', () => say('offline'));
  say('online', { patch: first });
  if (fault) {
    const wish = new Message('drop me');
    wish.properties.add('AzIoTHub_FaultOperationType', fault);
    await client.sendEvent(wish);
  }

  await cue();
  await client.sendEvent(new Message('after'));
  say('sent');
  const m = await message;
  say('message', { body: m.getData().toString() });
  await client.complete(m);
  say('desired', { patch: await patch() });
  const again = await client.getTwin();
  say('twin', { desired: again.properties.desired });
  await client.close();
});
