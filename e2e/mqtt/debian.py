"""Debian's paho client against a broker: every QoS, retained messages, a session found again."""
import json
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

settings = json.loads(sys.argv[1])
five = settings["version"] == 5
PATIENCE = 15


def say(what, **more):
    print(json.dumps({"say": what, **more}), flush=True)


def connect(name, clean):
    kind = {"protocol": mqtt.MQTTv5 if five else mqtt.MQTTv311}
    if not five:
        kind["clean_session"] = clean
    if hasattr(mqtt, "CallbackAPIVersion"):  # paho 2
        kind["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
    client = mqtt.Client(name, **kind)
    client.username_pw_set("ann", settings["password"])
    client.messages, client.answers = queue.Queue(), queue.Queue()
    client.on_message = lambda c, u, m: c.messages.put([m.topic, m.payload.decode(), m.qos, bool(m.retain)])
    client.on_connect = lambda c, u, flags, rc, *p: c.answers.put((int(rc if not five else rc.value), flags["session present"]))
    client.on_subscribe = lambda c, u, mid, granted, *p: c.answers.put([g if not five else g.value for g in granted])
    more = {}
    if five:
        more["clean_start"] = clean
        more["properties"] = Properties(PacketTypes.CONNECT)
        more["properties"].SessionExpiryInterval = 300
    client.connect(settings["host"], settings["port"], **more)
    client.loop_start()
    say("connected", name=name, answer=client.answers.get(timeout=PATIENCE))
    return client


def publish(client, topic, payload, **how):
    info = client.publish(topic, payload, **how)
    info.wait_for_publish(PATIENCE)


def leave(client):
    client.disconnect()
    client.loop_stop()


a = connect("py-a", False)
a.subscribe([("py/#", 2), ("forbidden", 1)]) if not five else a.subscribe([("py/#", SubscribeOptions(2)), ("forbidden", SubscribeOptions(1))])
say("subscribed", answer=a.answers.get(timeout=PATIENCE))
b = connect("py-b", True)
for qos in (0, 1, 2):
    publish(b, "py/%d" % qos, "qos %d" % qos, qos=qos)
say("live", messages=[a.messages.get(timeout=PATIENCE) for _ in range(3)])
leave(a)
publish(b, "py/kept", "while away", qos=1)
publish(b, "py/retained", "still here", qos=1, retain=True)
a = connect("py-a", False)
say("back", messages=[a.messages.get(timeout=PATIENCE) for _ in range(2)])
leave(a)
leave(b)
