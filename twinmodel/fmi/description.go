package fmi

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Kind is the type of a variable as far as the import knows it.
type Kind uint8

// The kinds.
const (
	Real    Kind = iota // fmi2Real, fmi3Float64
	Float32             // fmi3Float32
	Integer             // fmi2Integer, fmi3Int32
	Boolean
)

// Variable is a scalar variable of an FMU.
type Variable struct {
	Name        string
	Reference   uint32
	Kind        Kind
	Causality   string // "input", "output", "parameter", "local", …
	Variability string
	Unit        string
	Start       float64
	HasStart    bool
	Min, Max    float64
	Description string
}

// Description is what modelDescription.xml says, as far as the import needs it.
type Description struct {
	Version     int // 2 or 3
	Name        string
	Token       string // guid or instantiationToken
	Identifier  string // of the co-simulation model: the library's name
	Description string
	SavesState  bool    // canGetAndSetFMUstate
	FixedStep   float64 // s; 0 when the step may vary
	StepSize    float64 // s the FMU suggests; 0 when it does not
	Variables   []Variable
}

// maxDescription bounds modelDescription.xml.
const maxDescription = 64 << 20

// ReadDescription reads a modelDescription.xml.
func ReadDescription(r io.Reader) (*Description, error) {
	var doc xmlDescription
	if err := xml.NewDecoder(io.LimitReader(r, maxDescription)).Decode(&doc); err != nil {
		return nil, fmt.Errorf("modelDescription.xml: %w", err)
	}
	d := &Description{Name: doc.ModelName, Token: doc.GUID + doc.Token, Description: doc.Description, StepSize: doc.Experiment.StepSize}
	switch {
	case doc.FMIVersion == "2.0":
		d.Version = 2
	case strings.HasPrefix(doc.FMIVersion, "3."):
		d.Version = 3
	default:
		return nil, fmt.Errorf("modelDescription.xml: FMI version %q is not supported; 2.0 and 3.0 are", doc.FMIVersion)
	}
	c := doc.CoSimulation
	if c == nil {
		return nil, errors.New("modelDescription.xml: the FMU has no co-simulation interface; export it for co-simulation")
	}
	if c.Identifier == "" || strings.ContainsAny(c.Identifier, `/\`) {
		return nil, fmt.Errorf("modelDescription.xml: modelIdentifier %q names no library", c.Identifier)
	}
	d.Identifier, d.SavesState = c.Identifier, c.State2 || c.State3
	if d.Version == 3 && c.FixedStep > 0 && !c.VariableStep {
		d.FixedStep = c.FixedStep
	}
	for _, v := range doc.Variables.All {
		variable, ok, err := v.scalar(doc.Types.units(), d.Version)
		if err != nil {
			return nil, fmt.Errorf("modelDescription.xml: variable %q: %w", v.Name, err)
		}
		if ok {
			d.Variables = append(d.Variables, variable)
		}
	}
	return d, nil
}

// xmlDescription is the document; attributes of both versions side by side.
type xmlDescription struct {
	FMIVersion   string           `xml:"fmiVersion,attr"`
	ModelName    string           `xml:"modelName,attr"`
	GUID         string           `xml:"guid,attr"`
	Token        string           `xml:"instantiationToken,attr"`
	Description  string           `xml:"description,attr"`
	CoSimulation *xmlCoSimulation `xml:"CoSimulation"`
	Experiment   struct {
		StepSize float64 `xml:"stepSize,attr"`
	} `xml:"DefaultExperiment"`
	Types     xmlTypes `xml:"TypeDefinitions"`
	Variables struct {
		All []xmlVariable `xml:",any"`
	} `xml:"ModelVariables"`
}

type xmlCoSimulation struct {
	Identifier   string  `xml:"modelIdentifier,attr"`
	State2       bool    `xml:"canGetAndSetFMUstate,attr"`
	State3       bool    `xml:"canGetAndSetFMUState,attr"`
	VariableStep bool    `xml:"canHandleVariableCommunicationStepSize,attr"`
	FixedStep    float64 `xml:"fixedInternalStepSize,attr"`
}

// xmlTypes are declared types, which may carry the units of variables.
type xmlTypes struct {
	Simple []struct {
		Name string `xml:"name,attr"`
		Unit string `xml:"unit,attr"`
		Real *struct {
			Unit string `xml:"unit,attr"`
		} `xml:"Real"`
	} `xml:",any"`
}

func (t *xmlTypes) units() map[string]string {
	units := map[string]string{}
	for _, s := range t.Simple {
		units[s.Name] = s.Unit
		if s.Real != nil {
			units[s.Name] = s.Real.Unit
		}
	}
	return units
}

// xmlVariable is fmi2ScalarVariable with its type inside, or an element of FMI 3
// that is the type.
type xmlVariable struct {
	XMLName     xml.Name
	Name        string         `xml:"name,attr"`
	Reference   uint32         `xml:"valueReference,attr"`
	Causality   string         `xml:"causality,attr"`
	Variability string         `xml:"variability,attr"`
	Description string         `xml:"description,attr"`
	Dimensions  []struct{}     `xml:"Dimension"`
	Inner       []xmlValueType `xml:",any"`
	xmlAttributes
}

type xmlValueType struct {
	XMLName xml.Name
	xmlAttributes
}

type xmlAttributes struct {
	Start    string `xml:"start,attr"`
	Unit     string `xml:"unit,attr"`
	Min      string `xml:"min,attr"`
	Max      string `xml:"max,attr"`
	Declared string `xml:"declaredType,attr"`
}

var kinds2 = map[string]Kind{"Real": Real, "Integer": Integer, "Boolean": Boolean}
var kinds3 = map[string]Kind{"Float64": Real, "Float32": Float32, "Int32": Integer, "Boolean": Boolean}

// scalar converts a variable the import supports; others are left out.
func (v *xmlVariable) scalar(units map[string]string, version int) (out Variable, ok bool, err error) {
	a := v.xmlAttributes
	if version == 2 {
		for _, inner := range v.Inner {
			if kind, known := kinds2[inner.XMLName.Local]; known {
				a, ok, out.Kind = inner.xmlAttributes, true, kind
			}
		}
	} else {
		out.Kind, ok = kinds3[v.XMLName.Local]
	}
	if !ok || len(v.Dimensions) > 0 {
		return out, false, nil
	}
	out.Name, out.Reference, out.Causality, out.Variability, out.Description = v.Name, v.Reference, v.Causality, v.Variability, v.Description
	if out.Causality == "" {
		out.Causality = "local"
	}
	if out.Unit = a.Unit; out.Unit == "" {
		out.Unit = units[a.Declared]
	}
	out.Min, out.Max = math.Inf(-1), math.Inf(1)
	if out.Kind == Boolean {
		out.Min, out.Max = 0, 1
	}
	for _, f := range []struct {
		text string
		into *float64
	}{{a.Start, &out.Start}, {a.Min, &out.Min}, {a.Max, &out.Max}} {
		if f.text == "" {
			continue
		}
		if *f.into, err = number(f.text); err != nil {
			return out, false, err
		}
	}
	out.HasStart = a.Start != ""
	return out, true, nil
}

func number(text string) (float64, error) {
	switch text {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return v, nil
}
