'use strict';
// A service calls direct methods of a device. Both are Azure's.
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const service = require('azure-iothub');
const { say, cue, play } = require('./stage');

play(async (settings) => {
  const back = service.Client.fromConnectionString(settings.service);
  const call = async (what, device, params) => {
    try {
      const { result } = await back.invokeDeviceMethod(device, params);
      say(what, { result });
    } catch (err) {
      const body = err.responseBody && JSON.parse(err.responseBody);
      let message = body && body.Message;
      try { message = JSON.parse(message); } catch { /* the older shape is text */ }
      say(what, { error: err.name, status: err.response.statusCode, header: err.response.headers['iothub-errorcode'], message });
    }
  };

  const client = Client.fromConnectionString(settings.device, Mqtt);
  client.onDeviceMethod('reboot', (request, response) => {
    say('asked', { method: request.methodName, payload: request.payload });
    response.send(202, { in: '10 s', echo: request.payload }, () => {});
  });
  client.onDeviceMethod('nothing', (request, response) => response.send(204, undefined, () => {}));
  client.onDeviceMethod('refuse', (request, response) => response.send(500, 'jammed', () => {}));
  client.onDeviceMethod('pump*stop', (request, response) => response.send(200, true, () => {}));
  client.onDeviceMethod('dawdle', () => {});
  // registering the first handler has opened the connection and subscribed
  await client.open();
  await client.sendEvent(new Message('subscribed'));
  say('open');

  await call('reboot', 'pump-1', { methodName: 'reboot', payload: { delay: 10, 'ä': [null] }, responseTimeoutInSeconds: 10 });
  await call('without payload', 'pump-1', { methodName: 'reboot' });
  await call('nothing', 'pump-1', { methodName: 'nothing' });
  await call('refuse', 'pump-1', { methodName: 'refuse', payload: 'now' });
  await call('component', 'pump-1', { methodName: 'pump*stop' });
  await call('unknown device', 'pump-9', { methodName: 'reboot' });
  await call('timeout too short', 'pump-1', { methodName: 'reboot', responseTimeoutInSeconds: 1 });
  await call('no answer', 'pump-1', { methodName: 'dawdle', responseTimeoutInSeconds: 5 });

  await client.close();
  await call('offline', 'pump-1', { methodName: 'reboot' });
  const waiting = call('waited for', 'pump-1', { methodName: 'welcome', connectTimeoutInSeconds: 20 });
  await cue(); // the call is to be there first
  client.onDeviceMethod('welcome', (request, response) => response.send(200, 'here I am', () => {})); // this connects
  await waiting;
  await client.close();
});
