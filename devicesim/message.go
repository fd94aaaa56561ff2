package devicesim

import (
	"encoding/json"
	"strconv"

	"twinrig/devicesim/link"
)

// Number is a JSON number with a fixed count of decimals: what an instrument
// resolves, without the tail of digits binary floating point would add.
func Number(v float64, decimals int) json.Number {
	return json.Number(strconv.FormatFloat(v, 'f', decimals, 64))
}

// TelemetryMessage is a JSON telemetry message.
func TelemetryMessage(body map[string]any) link.Message {
	return message(body, nil)
}

// AlertMessage tells the service that an alarm condition began or ended. The
// message properties "alert" and "active" let it be routed without reading the
// body.
func AlertMessage(name string, active bool, text string) link.Message {
	return message(
		map[string]any{"alert": name, "active": active, "text": text},
		map[string]string{"alert": name, "active": strconv.FormatBool(active)},
	)
}

func message(body map[string]any, properties map[string]string) link.Message {
	text, err := json.Marshal(body)
	if err != nil {
		panic("devicesim: telemetry body of plain values does not marshal: " + err.Error())
	}
	return link.Message{Body: text, ContentType: "application/json", ContentEncoding: "utf-8", Properties: properties}
}
